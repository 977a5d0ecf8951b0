using System.Net;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.States;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Orchestration.Tests.Prefect;

public sealed class PrefectClientRetryTests : IDisposable
{
    private static readonly Guid Run = new("0198c1f0-0000-7000-8000-000000000001");
    private static readonly Guid Transition = new("0198c1f0-0000-7000-8000-000000000002");
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new();
    private readonly List<TimeSpan> _at = [];
    private readonly List<IDisposable> _open = [];

    [Theory]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_transient_refusal_is_asked_again(HttpStatusCode status)
    {
        var client = Client(call => call.Number < 3 ? ScriptedServer.Reply(status, "{}") : ClientCalls.Answer(call));

        await Patiently(client.ReadFlowAsync(Run, Never));

        Assert.Equal(3, _at.Count);
    }

    [Fact]
    public async Task No_answer_is_asked_again_with_growing_pauses_and_told_after_five_tries()
    {
        var client = Client(_ => throw new HttpRequestException("connection refused"));

        var told = await Assert.ThrowsAsync<PrefectException>(() => Patiently(client.ReadFlowAsync(Run, Never)));

        Assert.Equal(5, _at.Count);
        for (var i = 1; i < _at.Count; i++)
            Assert.True(_at[i] - _at[i - 1] >= TimeSpan.FromSeconds(Math.Pow(2, i - 1)), $"pause {i}: {_at[i] - _at[i - 1]}");
        Assert.True(told.IsTransient);
        Assert.Equal(
            $"No answer to GET http://prefect.test/api/flows/{Run} in 5 tries: connection refused. "
            + "Start the server, or point PREFECT_API_URL at one that runs.", told.Message);
    }

    [Fact]
    public async Task A_pause_in_fractions_of_seconds_is_kept()
    {
        var client = Client(call => call.Number == 1
            ? ScriptedServer.Reply(HttpStatusCode.ServiceUnavailable, "{}", "7.2349208")
            : ClientCalls.Answer(call));

        await Patiently(client.ReadFlowAsync(Run, Never));

        Assert.InRange(_at[1] - _at[0], TimeSpan.FromSeconds(7.2349208), TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(HttpStatusCode.UnprocessableEntity, "Finks is tested with Prefect 3.8")]
    [InlineData(HttpStatusCode.Unauthorized, "PREFECT_API_AUTH_STRING")]
    [InlineData(HttpStatusCode.TemporaryRedirect, "ending in /api")]
    [InlineData(HttpStatusCode.InternalServerError, "log says more")]
    public async Task Another_refusal_is_told_at_once_with_the_servers_words(HttpStatusCode status, string advice)
    {
        var client = Client(_ => ScriptedServer.Reply(status, """{"detail":"what the server says"}"""));

        var told = await Assert.ThrowsAsync<PrefectException>(() => client.ReadFlowAsync(Run, Never));

        Assert.Single(_at);
        Assert.False(told.IsTransient);
        Assert.StartsWith($"Prefect answered {(int)status} to GET http://prefect.test/api/flows/{Run}: ", told.Message, StringComparison.Ordinal);
        Assert.Contains("what the server says", told.Message, StringComparison.Ordinal);
        Assert.Contains(advice, told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_whose_answer_was_lost_is_not_told_twice_when_the_server_made_it_a_retry()
    {
        var client = Client(call => call.Method == "POST"
            ? throw new HttpRequestException("connection reset")
            : ScriptedServer.Reply(HttpStatusCode.OK, TaskIn("SCHEDULED", "AwaitingRetry", null)));

        var reply = await Patiently(client.SetTaskRunStateAsync(Run, Proposed(StateType.Failed), false, Never));

        Assert.Equal(ReplyStatus.Reject, reply.Status);
        Assert.Equal(StateType.Scheduled, reply.State!.Type);
        Assert.Equal(2, _at.Count);
    }

    [Fact]
    public async Task A_state_whose_answer_was_lost_counts_as_taken_when_the_run_is_in_it()
    {
        var client = Client(call => call.Method == "POST"
            ? throw new HttpRequestException("connection reset")
            : ScriptedServer.Reply(HttpStatusCode.OK, TaskIn("RUNNING", "Running", Transition)));

        var reply = await Patiently(client.SetTaskRunStateAsync(Run, Proposed(StateType.Running), false, Never));

        Assert.Equal(ReplyStatus.Accept, reply.Status);
        Assert.Equal(2, _at.Count);
    }

    [Fact]
    public async Task A_state_that_never_arrived_is_proposed_again()
    {
        var client = Client(call => call.Number switch
        {
            1 => throw new HttpRequestException("connection refused"),
            2 => ScriptedServer.Reply(HttpStatusCode.OK, TaskIn("RUNNING", "Running", Guid.Empty)),
            _ => ClientCalls.Answer(call),
        });

        var reply = await Patiently(client.SetTaskRunStateAsync(Run, Proposed(StateType.Failed), false, Never));

        Assert.Equal(ReplyStatus.Accept, reply.Status);
        Assert.Equal(3, _at.Count);
    }

    [Fact]
    public async Task The_password_goes_into_the_header_and_into_no_message()
    {
        var server = Server(_ => ScriptedServer.Reply(HttpStatusCode.Unauthorized, "{}"));
        var client = Client(server, "admin:secret");

        var told = await Assert.ThrowsAsync<PrefectException>(() => client.ReadFlowAsync(Run, Never));

        Assert.Equal("Basic YWRtaW46c2VjcmV0", server.Calls[0].Authorization);
        Assert.DoesNotContain("secret", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_client_does_not_call_itself_prefect_so_that_the_server_holds_deployment_slots_without_renewal()
    {
        var server = Server(ClientCalls.Answer);
        await Client(server, null).ReadFlowAsync(Run, Never);

        Assert.DoesNotContain("prefect", server.Calls[0].UserAgent, StringComparison.OrdinalIgnoreCase);
    }

    public void Dispose() => _open.ForEach(o => o.Dispose());

    private static StateCreate Proposed(StateType type) => new(type, StateDetails: new StateDetails { TransitionId = Transition });

    private static string TaskIn(string type, string name, Guid? transition) =>
        $$$"""
        {"id":"{{{Run}}}","task_key":"t","dynamic_key":"0",
         "state":{"id":"{{{Run}}}","type":"{{{type}}}","name":"{{{name}}}","timestamp":"2026-08-21T12:00:00Z",
                  "state_details": { "transition_id": {{{(transition is { } id ? $"\"{id}\"" : "null")}}} } } }
        """;

    private PrefectClient Client(Func<ScriptedServer.Call, HttpResponseMessage> answer) => Client(Server(answer), null);

    private PrefectClient Client(ScriptedServer server, string? secret)
    {
        var http = new HttpClient(server);
        _open.Add(http);
        return new PrefectClient(
            http, new PrefectOptions { ApiUrl = new Uri("http://prefect.test/api"), AuthString = secret, Time = _clock, Random = new Random(1) });
    }

    private ScriptedServer Server(Func<ScriptedServer.Call, HttpResponseMessage> answer)
    {
        var began = _clock.GetTimestamp();
        return new ScriptedServer(call =>
        {
            _at.Add(_clock.GetElapsedTime(began));
            return answer(call);
        });
    }

    /// <summary>Lets the clock run until the work is done.</summary>
    private async Task<T> Patiently<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await work;
    }
}
