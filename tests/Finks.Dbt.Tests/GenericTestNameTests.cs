namespace Finks.Dbt.Tests;

/// <summary>The expected ids were printed by dbt-core 1.12.</summary>
public sealed class GenericTestNameTests
{
    [Fact]
    public void The_id_of_the_well_known_example_is_reproduced()
    {
        using var project = new ProjectFolder();
        project.Write("dbt_project.yml", "name: p3\nprofile: p3\n").Write("models/m1.sql", "select 1 as id");
        project.Write("models/s.yml", "models: [{name: m1, columns: [{name: id, data_tests: [{accepted_values: {arguments: {values: [1, 2], quote: false}}}]}]}]");
        Assert.Contains(project.Load().Nodes, node => node.UniqueId == "test.p3.accepted_values_m1_id__False__1__2.4a3b6d984f");
    }

    [Fact]
    public void A_name_of_64_characters_or_more_is_shortened_in_the_alias_only()
    {
        using var project = new ProjectFolder();
        project.Write("models/a_model_with_a_long_name.sql", "select 1 as id");
        project.Write("models/s.yml", "models: [{name: a_model_with_a_long_name, columns: [{name: a_column_with_a_long_name_as_well, data_tests: [not_null]}]}]");
        var test = project.Load().Nodes.Single(node => node.ResourceType == ResourceType.Test);
        Assert.Equal("not_null_a_model_with_a_long_name_a_column_with_a_long_name_as_well", test.Name);
        Assert.Matches("^not_null_a_model_with_a_long_n_[0-9a-f]{32}$", test.Alias);
    }
}
