using System.Collections.Concurrent;
using System.Net;
using Finks.Lake.Tests;
using Finks.Orchestration.Prefect;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>What work in progress makes of a server that fails.</summary>
public sealed class OutageTests
{
    private static readonly Guid Id = new("0198c1f0-0000-7000-8000-000000000001");
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentQueue<string> _warnings = new();

    [Fact]
    public async Task Work_goes_on_while_the_server_is_away_which_is_told_once()
    {
        await using var backend = Backend(new ScriptedServer(_ => throw new HttpRequestException("connection refused")));

        Assert.Equal(RunSignal.Continue, await backend.BeatAsync(Run(), Never));
        Assert.Equal(RunSignal.Continue, await backend.BeatAsync(Run(), Never));

        Assert.StartsWith("a run goes on without its server", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_deleted_is_lost()
    {
        await using var backend = Backend(new ScriptedServer(_ => ScriptedServer.Reply(HttpStatusCode.NotFound, "{}")));

        Assert.Equal(RunSignal.Lost, await backend.BeatAsync(Run(), Never));
    }

    [Fact]
    public async Task A_lease_is_renewed_before_it_ends_and_given_back()
    {
        var server = new ScriptedServer(ClientCalls.Answer);
        await using var backend = Backend(server);
        var slots = (await backend.TryAcquireAsync(["w"], Id, Never))!;

        await UntilAsync(() => server.Calls.Count(call => call.Path.EndsWith("/renew", StringComparison.Ordinal)) == 2);
        await slots.DisposeAsync();

        Assert.Equal("/v2/concurrency_limits/decrement-with-lease", server.Calls[^1].Path);
        Assert.True(_clock.GetUtcNow() - _clock.Start >= 2 * TimeSpan.FromMinutes(5) * 0.75);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_lease_that_the_server_has_lost_is_taken_anew_and_told_when_that_fails()
    {
        var server = new ScriptedServer(call => call switch
        {
            { Number: 1 } => ClientCalls.Answer(call),
            _ when call.Path.EndsWith("/renew", StringComparison.Ordinal) => ScriptedServer.Reply(HttpStatusCode.Gone, "{}"),
            _ when call.Path.EndsWith("/increment-with-lease", StringComparison.Ordinal) && call.Number < 5 =>
                ScriptedServer.Reply(HttpStatusCode.Locked, "{}", "1.5"),
            _ => ClientCalls.Answer(call),
        });
        await using var backend = Backend(server);
        var slots = (await backend.TryAcquireAsync(["w"], Id, Never))!;

        await UntilAsync(() => server.Calls.Count(call => call.Path.EndsWith("/increment-with-lease", StringComparison.Ordinal)) == 4);
        await slots.DisposeAsync();

        Assert.Contains("The limit of w may be exceeded by one", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_limit_asks_nobody()
    {
        var server = new ScriptedServer(ClientCalls.Answer);
        await using var backend = Backend(server);

        await using var slots = await backend.TryAcquireAsync([], Id, Never);

        Assert.NotNull(slots);
        Assert.Empty(server.Calls);
    }

    private FlowRun Run() => new()
    {
        Id = Id,
        Name = "a run",
        Flow = "daily",
        State = RunState.Running(),
        Parameters = [],
        CreatedAt = _clock.GetUtcNow(),
    };

    private PrefectBackend Backend(ScriptedServer server)
    {
        var options = new PrefectOptions { ApiUrl = new Uri("http://prefect.test/api"), Time = _clock, Random = new Random(1), Tries = 1 };
        return new PrefectBackend(
            new PrefectClient(new HttpClient(server), options), new MemoryLedger(_clock), _clock, new SequentialIds(),
            new PrefectBackendOptions { Warn = _warnings.Enqueue });
    }

    /// <summary>Lets the clock run until it is so.</summary>
    private async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 100_000 && !condition(); i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.True(condition());
    }
}
