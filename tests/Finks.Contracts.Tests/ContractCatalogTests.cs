namespace Finks.Contracts.Tests;

public sealed class ContractCatalogTests
{
    [Fact]
    public void The_contracts_of_the_repository_load_together()
    {
        var catalog = ContractCatalog.Load(Checkout.PathOf("contracts"));
        string[] expected = ["dividend", "eod_price_raw", "eod_price_split_adjusted", "income_statement", "security_profile", "split"];
        Assert.Equal(expected, catalog.Contracts.Select(c => c.Dataset).Where(expected.Contains));
        Assert.Equal("split", catalog.Get("split").Dataset);
        Assert.All(catalog.Contracts, c => Assert.True(File.Exists(c.File)));
    }

    [Fact]
    public void An_unknown_dataset_names_the_nearest_and_all()
    {
        var catalog = ContractCatalog.Load(ContractFiles.Folder);
        var message = Assert.Throws<KeyNotFoundException>(() => catalog.Get("dividends")).Message;
        Assert.Contains("Did you mean 'dividend'?", message, StringComparison.Ordinal);
        Assert.Contains("dividend, eod_price_raw, eod_price_split_adjusted, income_statement, security_profile, split", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Did you mean", Assert.Throws<KeyNotFoundException>(() => catalog.Get("weather_report")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_contracts_for_one_dataset_are_an_error_at_the_second_one()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("b"));
        File.WriteAllText(folder.File("a.odcs.yaml"), ContractFiles.Valid);
        File.WriteAllText(folder.File("b", "c.odcs.yaml"), ContractFiles.Valid);
        var problem = Assert.Single(Assert.Throws<ContractException>(() => ContractCatalog.Load(folder.Path)).Problems);
        Assert.Equal((folder.File("b", "c.odcs.yaml"), 25, 11), (problem.File, problem.Line, problem.Column));
        Assert.Contains("already described by", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_of_all_files_come_together()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.odcs.yaml"), ContractFiles.Valid.Replace("PT18H", "soon", StringComparison.Ordinal));
        File.WriteAllText(folder.File("b.odcs.yaml"), ContractFiles.Valid.Replace("name: price", "name: Price", StringComparison.Ordinal));
        var problems = Assert.Throws<ContractException>(() => ContractCatalog.Load(folder.Path)).Problems;
        Assert.Equal(["a.odcs.yaml", "b.odcs.yaml"], problems.Select(p => Path.GetFileName(p.File)));
    }

    [Fact]
    public void A_reference_to_an_unknown_dataset_is_an_error()
    {
        using var folder = new TemporaryFolder();
        var yaml = ContractFiles.Valid.Replace("schema:", "  - property: rewrittenBy\n    value: prise\nschema:", StringComparison.Ordinal);
        File.WriteAllText(folder.File("a.odcs.yaml"), yaml);
        var problem = Assert.Single(Assert.Throws<ContractException>(() => ContractCatalog.Load(folder.Path)).Problems);
        Assert.Equal((25, 12, "Did you mean 'price'?"), (problem.Line, problem.Column, problem.WhatToDo));
    }

    [Fact]
    public void A_folder_without_contracts_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ContractException>(() => ContractCatalog.Load(folder.Path));
        Assert.Throws<ContractException>(() => ContractCatalog.Load(folder.File("absent")));
    }
}
