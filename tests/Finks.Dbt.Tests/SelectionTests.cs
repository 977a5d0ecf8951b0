using Finks.Dbt.Selection;

namespace Finks.Dbt.Tests;

public sealed class SelectionTests
{
    [Theory]
    [InlineData("b", "b nn_b")]
    [InlineData("+c", "a b c nn_b nn_c s")]
    [InlineData("1+c", "b c nn_b nn_c")]
    [InlineData("b+", "b c d nn_b nn_c")]
    [InlineData("b+1", "b c nn_b nn_c")]
    [InlineData("@c", "a b c d nn_b nn_c s")]
    [InlineData("tag:hot", "d")]
    [InlineData("path:models/sub", "c d nn_c")]
    [InlineData("models/sub/c.sql", "c nn_c")]
    [InlineData("shop.sub", "c d nn_c")]
    [InlineData("sub.*", "c d nn_c")]
    [InlineData("resource_type:seed", "s")]
    [InlineData("test_type:generic", "nn_b nn_c")]
    [InlineData("config.materialized:table", "d")]
    [InlineData("a d", "a d")]
    [InlineData("b+,tag:hot", "d")]
    [InlineData("source:silver+", "a b c d nn_b nn_c")]
    public void A_criterion_chooses_what_dbt_chooses(string criterion, string expected)
    {
        using var project = Chain();
        Assert.Equal(expected.Split(' '), Names(project.Load(), [criterion], []));
    }

    [Fact]
    public void Excluding_takes_away_the_tests_too()
    {
        using var project = Chain();
        Assert.Equal(["a", "c", "d", "nn_c", "s"], Names(project.Load(), [], ["b"]));
    }

    [Theory]
    [InlineData("state:modified", "selection method 'state'")]
    [InlineData("@b+", "both '@' and a trailing '+'")]
    [InlineData("+", "names nothing")]
    public void A_criterion_that_cannot_be_met_is_an_error(string criterion, string reason)
    {
        using var project = Chain();
        var manifest = project.Load();
        Assert.Contains(reason, Assert.Throws<DbtException>(() => new NodeSelector(manifest).Select([criterion], [])).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(Manifest manifest, string[] select, string[] exclude) =>
        new NodeSelector(manifest).Select(select, exclude).Select(id => manifest[id].Name).Order(StringComparer.Ordinal);

    /// <summary>source silver.raw and seed s, then a, b, c, d in a chain; b and c have a test.</summary>
    private static ProjectFolder Chain()
    {
        var project = new ProjectFolder();
        project.Write("seeds/s.csv", "id\n1\n");
        project.Write("models/a.sql", "select * from {{ source('silver', 'raw') }}, {{ ref('s') }}").Write("models/b.sql", "select * from {{ ref('a') }}");
        project.Write("models/sub/c.sql", "select * from {{ ref('b') }}").Write("models/sub/d.sql", "{{ config(materialized='table', tags='hot') }} select * from {{ ref('c') }}");
        project.Write("models/b.yml", "sources: [{name: silver, tables: [{name: raw}]}]\nmodels: [{name: b, columns: [{name: id, data_tests: [{not_null: {name: nn_b}}]}]}]");
        return project.Write("models/sub/c.yml", "models: [{name: c, columns: [{name: id, data_tests: [{not_null: {name: nn_c}}]}]}]");
    }
}
