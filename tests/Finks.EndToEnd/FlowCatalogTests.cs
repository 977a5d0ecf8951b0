using System.Text.Json.Nodes;
using Finks.Orchestration;
using Finks.Pipelines.Flows;

namespace Finks.EndToEnd;

/// <summary>What flows say of themselves to users and to servers.</summary>
public sealed class FlowCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Parameters_have_a_schema_that_says_what_must_be_given_and_what_each_means()
    {
        using var workspace = PipelineFixture.Open(PipelineFixture.Folders(_folder.File("lake")));
        var catalog = new FlowCatalog(new FlowServices { Workspace = workspace, Random = new Random(1) });

        var schema = catalog.Find("daily")!.ParameterSchema;

        Assert.Equal(("object", "Parameters"), (schema["type"]!.GetValue<string>(), schema["title"]!.GetValue<string>()));
        Assert.Equal(["symbols"], schema["required"]!.AsArray().Select(r => r!.GetValue<string>()));
        Assert.All(schema["properties"]!.AsObject(), p => Assert.NotNull(p.Value!["position"]));
        Assert.All(schema["properties"]!.AsObject(), p => Assert.NotNull(p.Value!["description"]));
        Assert.Equal(catalog.Flows.Count, catalog.Flows.Select(f => f.Name).Distinct().Count());
    }

    [Theory]
    [InlineData("daily", """{"symbols":["AAPL"]}""", null)]
    [InlineData("daily", """{"symbols":["AAPL"],"from":"2024-01-01","to":null,"accept":["rows_refused"]}""", null)]
    [InlineData("daily", "{}", "symbols")]
    [InlineData("daily", """{"symbols":"AAPL"}""", "symbols")]
    [InlineData("daily", """{"symbols":["AAPL"],"form":"2024-01-01"}""", "form")]
    [InlineData("daily", """{"symbols":["AAPL"],"from":"yesterday"}""", "from")]
    [InlineData("maintenance", """{"expire_days":"7"}""", "expire_days")]
    [InlineData("maintenance", """{"expire_days":7}""", null)]
    public void Wrong_parameters_are_named(string flow, string parameters, string? culprit)
    {
        using var workspace = PipelineFixture.Open(PipelineFixture.Folders(_folder.File("lake")));
        var found = new FlowCatalog(new FlowServices { Workspace = workspace, Random = new Random(1) }).Find(flow)!;
        var given = (JsonObject)JsonNode.Parse(parameters)!;

        if (culprit is null)
            Assert.Equal(found.Complete(given).ToJsonString(), found.Complete(found.Complete(given)).ToJsonString());
        else
            Assert.Contains(culprit, Assert.Throws<FlowParametersException>(() => found.Complete(given)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
