using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Api;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>What the client sends against the OpenAPI document of a Prefect 3.8.3 server.</summary>
public sealed class PrefectClientContractTests
{
    [Fact]
    public async Task Each_request_is_one_that_the_servers_document_describes()
    {
        var document = OpenApi.Prefect();
        foreach (var (name, run) in ClientCalls.All)
        {
            var call = await Recorded(run);
            Assert.True(document.Errors(call.Method, call.Path, call.Body) is [], $"{name} ({call.Method} {call.Path}): "
                + string.Join("; ", document.Errors(call.Method, call.Path, call.Body)));
        }
    }

    [Fact]
    public void No_call_of_the_client_is_left_out() =>
        Assert.Equal(
            typeof(PrefectClient).GetMethods().Where(m => typeof(Task).IsAssignableFrom(m.ReturnType)).Select(m => m.Name).Order(),
            ClientCalls.All.Select(c => c.Method).Order());

    [Fact]
    public void The_checker_passes_what_a_real_server_took()
    {
        var document = OpenApi.Prefect();
        var examples = JsonNode.Parse(File.ReadAllText(Checkout.Shared("facts", "prefect", "prefect-examples.json")))!.AsArray();
        Assert.Equal(35, examples.Count);
        foreach (var example in examples)
        {
            var path = example!["path"]!.GetValue<string>();
            var body = path is "/logs/" or "/events" ? new JsonArray(example["body"]!.DeepClone()) : example["body"];
            Assert.Equal([], document.Errors(example["method"]!.GetValue<string>(), path, body));
        }
    }

    [Theory]
    [InlineData("POST", "/flows", """{"name":"a"}""", "no path /flows")]
    [InlineData("PUT", "/flows/", """{"name":"a"}""", "no PUT for /flows/")]
    [InlineData("POST", "/flows/", """{"nam":"a"}""", "body: name is missing")]
    [InlineData("POST", "/flows/", """{"name":"a","x":1}""", "body: no key x")]
    [InlineData("POST", "/flow_runs/1/set_state", """{"state":{"type":"DONE"}}""", "is none of")]
    [InlineData("POST", "/flow_runs/1/set_state", """{"state":{"type":"RUNNING","state_details":{"transition":"1"}}}""", "no key transition")]
    [InlineData("POST", "/task_runs/", """{"task_key":"t","dynamic_key":0}""", "0 is no string")]
    [InlineData("POST", "/work_pools/p/get_scheduled_flow_runs", """{"scheduled_before":"today"}""", "does not fit date-time")]
    public void The_checker_finds_what_is_wrong(string method, string path, string body, string error) =>
        Assert.Contains(OpenApi.Prefect().Errors(method, path, JsonNode.Parse(body)), found => found.Contains(error, StringComparison.Ordinal));

    private static async Task<ScriptedServer.Call> Recorded(Func<PrefectClient, Task> run)
    {
        using var server = new ScriptedServer(ClientCalls.Answer);
        using var http = new HttpClient(server);
        var options = new PrefectOptions { ApiUrl = new Uri("http://prefect.test/api/"), Time = new FakeTimeProvider(), Random = new Random(1) };
        await run(new PrefectClient(http, options));
        return Assert.Single(server.Calls);
    }
}
