namespace Finks.Dbt.Tests.Oracles;

/// <summary>Whole projects, each on its own theme, built by both engines.</summary>
public sealed class ProjectTests
{
    [Fact]
    public void Own_names_of_schemas_and_aliases_wrapped_refs_and_own_tests_work_as_in_real_dbt()
    {
        using var both = BothEngines.Build(content => content.CopyProject("named"));
        AllIsEqual(both);
    }

    [Fact]
    public void Vars_of_the_caller_reach_names_and_sql_as_in_real_dbt()
    {
        using var both = BothEngines.Build(content => content.CopyProject("named"), vars: new Dictionary<string, object?> { ["suffix"] = "_given" });
        Comparison.NodesAreEqual(both);
        Comparison.CompiledSqlIsEqual(both);
        Assert.Contains(both.Manifest.Nodes, node => node.Alias == "first_given");
    }

    [Fact]
    public void A_jaffle_shop_over_thousands_of_orders_is_equal_to_real_dbts()
    {
        var seeds = Checkout.Shared("data", "dbt", "jaffle-shop-seeds");
        using var both = BothEngines.Build(content => content.CopyProject("jaffle").Copy(seeds, "seeds"));
        AllIsEqual(both);
        Assert.True(both.Result.Succeeded, string.Join('\n', both.Result.Results.Select(result => $"{result.Node.UniqueId} {result.Status} {result.Message}")));
    }

    private static void AllIsEqual(BothEngines both)
    {
        Comparison.NodesAreEqual(both);
        Comparison.ResultsAreEqual(both);
        Comparison.CompiledSqlIsEqual(both);
        Comparison.RelationsAreEqual(both);
    }
}
