namespace Finks.Contracts.Tests;

/// <summary>The oracle is the standard's own JSON Schema, run by Python's jsonschema.</summary>
public sealed class StandardSchemaTests
{
    [Fact]
    public void Every_contract_obeys_the_official_schema()
    {
        var result = Validate(Directory.GetFiles(ContractFiles.Folder));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [Fact]
    public void The_small_contract_of_the_tests_obeys_the_official_schema()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("valid.odcs.yaml");
        File.WriteAllText(path, ContractFiles.Valid);
        var result = Validate([path]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Equal("price", ContractReader.Read(path).Dataset);
    }

    [Theory]
    [InlineData("kind: DataContract", "kind: Data")]
    [InlineData("version: 1.0.0", "version: 1.0")]
    [InlineData("physicalName: close", "physicalNam: close")]
    [InlineData("logicalType: number", "logicalType: decimal")]
    [InlineData("minimum: 0", "minimun: 0")]
    [InlineData("minimum: 0", "minimum: zero")]
    [InlineData("required: true", "required: yes please")]
    [InlineData("  - property: source", "  - propertie: source")]
    [InlineData("status: active", "stat: active")]
    public void What_the_official_schema_rejects_the_reader_rejects_too(string right, string wrong)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("broken.odcs.yaml");
        File.WriteAllText(path, ContractFiles.Valid.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Equal(1, Validate([path]).ExitCode);
        Assert.Throws<ContractException>(() => ContractReader.Read(path));
    }

    [Theory]
    [InlineData("full-example.odcs.yaml")]
    [InlineData("postgresql-adventureworks-contract.odcs.yaml")]
    public void An_official_example_lacks_what_Finks_needs_and_the_reader_says_what(string example)
    {
        var path = Checkout.Shared("schemas", "odcs", "examples-all", example);
        var lines = File.ReadAllLines(path).Length;
        var problems = Assert.Throws<ContractException>(() => ContractReader.Read(path)).Problems;
        Assert.Contains(problems, p => p.Message.Contains("'cadence'", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Message.Contains("Finks reads one a file", StringComparison.Ordinal));
        Assert.DoesNotContain(problems, p => p.Message.Contains("unknown key", StringComparison.Ordinal));
        Assert.All(problems, p => Assert.InRange(p.Line, 1, lines));
        Assert.All(problems, p => Assert.NotEqual("", p.WhatToDo));
    }

    internal static ProgramResult Validate(IEnumerable<string> files)
    {
        var schema = Checkout.Shared("schemas", "odcs", "odcs-json-schema-v3.1.0.json");
        return Oracle.Run(Oracle.Python("dbt"), [Checkout.PathOf("tests", "Finks.Contracts.Tests", "validate_odcs.py"), schema, .. files]);
    }
}
