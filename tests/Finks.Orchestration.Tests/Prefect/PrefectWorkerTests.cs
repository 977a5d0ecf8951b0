using System.Diagnostics;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Prefect.Workers;

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>The worker against a real Prefect 3.8 server, with real processes.</summary>
public sealed class PrefectWorkerTests(PrefectServer server)
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Fact]
    public async Task Two_workers_share_a_pool_and_start_each_run_once()
    {
        await using var pool = await Pool.WithAsync(server, "complete");
        var runs = new List<Guid>();
        for (var i = 0; i < 20; i++)
            runs.Add(await pool.AddAsync());
        using var drain = new CancellationTokenSource();

        var workers = Task.WhenAll(pool.Worker("one").RunAsync(drain.Token, Never), pool.Worker("two").RunAsync(drain.Token, Never));
        foreach (var run in runs)
            await pool.UntilAsync(run, "COMPLETED");
        await drain.CancelAsync();
        await workers;

        Assert.Equal(runs.ToDictionary(run => run, _ => 1), pool.Starts());
        foreach (var run in runs)
            Assert.Equal(1, (await pool.RunAsync(run))["run_count"]!.GetValue<int>());
        Assert.Empty(Directory.GetFiles(pool.Memory("one"), "*.claim"));
    }

    [Fact]
    public async Task A_process_that_ends_without_a_word_leaves_a_crashed_run()
    {
        await using var pool = await Pool.WithAsync(server, "silent");
        var run = await pool.AddAsync();

        await WhileWorkingAsync(pool, () => pool.UntilAsync(run, "CRASHED"));

        Assert.Matches("^Process [0-9]+ ended with exit code 3 before the run had its end", await MessageAsync(pool, run));
    }

    [Fact]
    public async Task A_command_that_cannot_be_started_leaves_a_crashed_run()
    {
        await using var pool = await Pool.WithAsync(server, "complete");
        var run = await pool.AddAsync();

        await WhileWorkingAsync(pool, () => pool.UntilAsync(run, "CRASHED"), launcher: new Nonsense());

        Assert.Contains("/no/such/program", await MessageAsync(pool, run), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("stubborn")]
    public async Task A_cancelled_run_is_asked_to_end_and_killed_when_it_does_not(string mode)
    {
        await using var pool = await Pool.WithAsync(server, mode);
        var run = await pool.AddAsync();

        await WhileWorkingAsync(pool, async () =>
        {
            await pool.UntilAsync(() => Task.FromResult(pool.IsRunning()), "the process runs");
            Assert.Matches("^.+:[0-9]+$", (await pool.RunAsync(run))["infrastructure_pid"]!.GetValue<string>());
            await pool.CancelAsync(run);
            await pool.UntilAsync(run, "CANCELLED");
        });

        Assert.Equal(mode == "stubborn", (await MessageAsync(pool, run)).Contains("killed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_that_stops_hands_back_what_it_has_not_begun()
    {
        await using var pool = await Pool.WithAsync(server, "complete");
        var soon = await pool.AddAsync(pool.Desk.Clock.GetUtcNow() + TimeSpan.FromSeconds(9));
        using var drain = new CancellationTokenSource();

        var worker = pool.Worker("one").RunAsync(drain.Token, Never);
        await pool.UntilAsync(soon, "PENDING");
        await drain.CancelAsync();
        await worker;

        Assert.Equal("SCHEDULED", await pool.StateAsync(soon));
        Assert.Empty(pool.Starts());
        await WhileWorkingAsync(pool, () => pool.UntilAsync(soon, "COMPLETED"));
    }

    [Fact]
    public async Task A_worker_that_is_told_to_end_everything_leaves_no_run_without_an_end()
    {
        await using var pool = await Pool.WithAsync(server, "stubborn");
        var run = await pool.AddAsync();
        using var kill = new CancellationTokenSource();

        var worker = pool.Worker("one").RunAsync(Never, kill.Token);
        await pool.UntilAsync(() => Task.FromResult(pool.IsRunning()), "the process runs");
        await kill.CancelAsync();
        await worker;

        Assert.Equal("CRASHED", await pool.StateAsync(run));
    }

    [Theory]
    [InlineData("before its claim is sent", "POST", "/set_state", false)]
    [InlineData("before it hears of its claim", "POST", "/set_state", true)]
    [InlineData("after it has started a process", "PATCH", "/flow_runs/", false)]
    public async Task The_claims_of_a_worker_that_is_killed_are_recovered(string when, string method, string path, bool afterwards)
    {
        await using var pool = await Pool.WithAsync(server, "complete");
        var run = await pool.AddAsync();
        using var dying = new Dying(method, path, afterwards);
        using var http = new HttpClient(dying);
        var client = new PrefectClient(http, new PrefectOptions { ApiUrl = server.ApiUrl, Time = pool.Desk.Clock, Random = new Random(1) });
        await Assert.ThrowsAsync<KilledException>(() => pool.Worker("one", client).RunAsync(Never, Never));
        Assert.Single(Directory.GetFiles(pool.Memory("one"), "*.claim"));

        await WhileWorkingAsync(pool, () => pool.UntilAsync(run, "COMPLETED"));

        Assert.True(pool.Starts()[run] == 1, $"{when}: started {pool.Starts()[run]} times");
        Assert.Empty(Directory.GetFiles(pool.Memory("one"), "*.claim"));
    }

    [Fact]
    public async Task A_run_whose_process_died_with_its_worker_is_crashed_by_the_next()
    {
        await using var pool = await Pool.WithAsync(server, "silent");
        var run = await pool.AddAsync();
        using var dying = new Dying("PATCH", "/flow_runs/", afterwards: true);
        using var http = new HttpClient(dying);
        var client = new PrefectClient(http, new PrefectOptions { ApiUrl = server.ApiUrl, Time = pool.Desk.Clock, Random = new Random(1) });
        await Assert.ThrowsAsync<KilledException>(() => pool.Worker("one", client).RunAsync(Never, Never));
        await pool.UntilAsync(() => Task.FromResult(pool.Starts().Count == 1), "the process has begun");

        await WhileWorkingAsync(pool, () => pool.UntilAsync(run, "CRASHED"));

        Assert.Equal(1, pool.Starts()[run]);
    }

    [Fact]
    public async Task A_worker_lets_go_of_a_claim_on_what_another_worker_of_this_machine_has_begun()
    {
        await using var pool = await Pool.WithAsync(server, "hang");
        var run = await pool.AddAsync();
        using var end = new CancellationTokenSource();
        var owner = pool.Worker("two").RunAsync(Never, end.Token);
        await pool.UntilAsync(() => Task.FromResult(pool.IsRunning()), "the process runs");
        using (var memory = new ClaimFolder(pool.Memory("one")))
            memory.Write(new Claim(run, pool.Desk.Ids.Next(), Process: null));
        using var kill = new CancellationTokenSource();

        var worker = pool.Worker("one").RunAsync(Never, kill.Token);
        await pool.UntilAsync(() => Task.FromResult(Directory.GetFiles(pool.Memory("one"), "*.claim").Length == 0), "it has let go");
        await kill.CancelAsync();
        await worker;

        Assert.Equal("RUNNING", await pool.StateAsync(run));
        await end.CancelAsync();
        await owner;
    }

    [Fact]
    public async Task A_run_that_is_deleted_while_it_is_claimed_does_not_end_the_worker()
    {
        await using var pool = await Pool.WithAsync(server, "complete");
        var deleted = await pool.AddAsync();
        using var deleting = new Deleting();
        using var http = new HttpClient(deleting);
        var client = new PrefectClient(http, new PrefectOptions { ApiUrl = server.ApiUrl, Time = pool.Desk.Clock, Random = new Random(1) });
        using var drain = new CancellationTokenSource();

        var worker = pool.Worker("one", client).RunAsync(drain.Token, Never);
        await await Task.WhenAny(pool.UntilAsync(() => Task.FromResult(deleting.HasDeleted), "the run is deleted"), worker);
        var other = await pool.AddAsync();
        await await Task.WhenAny(pool.UntilAsync(other, "COMPLETED"), worker);
        await drain.CancelAsync();
        await worker;

        Assert.Equal([other], pool.Starts().Keys);
        Assert.False(File.Exists(Path.Combine(pool.Memory("one"), $"{deleted}.claim")));
    }

    [Fact]
    public async Task A_run_that_only_its_own_process_tries_again_is_not_taken()
    {
        await using var pool = await Pool.WithAsync(server, "complete");
        var retried = await pool.AddAsync();
        await pool.Desk.Client.UpdateFlowRunAsync(retried, new(EmpiricalPolicy: new() { ["retries"] = 1, ["retry_delay"] = 0 }), Never);
        foreach (var state in new[] { "PENDING", "RUNNING", "FAILED" })
            await server.PostAsync($"/flow_runs/{retried}/set_state", new System.Text.Json.Nodes.JsonObject { ["state"] = new System.Text.Json.Nodes.JsonObject { ["type"] = state } });
        Assert.Equal("AwaitingRetry", (await pool.RunAsync(retried))["state_name"]!.GetValue<string>());
        var other = await pool.AddAsync();

        await WhileWorkingAsync(pool, () => pool.UntilAsync(other, "COMPLETED"));

        Assert.Equal([other], pool.Starts().Keys);
        Assert.Equal("AwaitingRetry", (await pool.RunAsync(retried))["state_name"]!.GetValue<string>());
    }

    [Fact]
    public async Task Two_workers_do_not_share_their_memory()
    {
        await using var pool = await Pool.WithAsync(server, "complete");
        using var drain = new CancellationTokenSource();
        var first = pool.Worker("one").RunAsync(drain.Token, Never);

        var told = await Assert.ThrowsAsync<IOException>(() => pool.Worker("one").RunAsync(Never, Never));

        Assert.Contains("Another worker remembers its runs in", told.Message, StringComparison.Ordinal);
        await drain.CancelAsync();
        await first;
    }

    [Fact]
    public async Task Prefects_own_worker_runs_the_command_of_a_pool_beside_ours()
    {
        await using var pool = await Pool.WithAsync(server, "complete");
        var runs = new List<Guid>();
        using var official = server.StartWorker(pool.Name);
        try
        {
            for (var i = 0; i < 3; i++)
                runs.Add(await pool.AddAsync());
            foreach (var run in runs)
                await pool.UntilAsync(run, "COMPLETED");
        }
        finally
        {
            official.Kill(entireProcessTree: true);
        }

        Assert.Equal(runs.ToDictionary(run => run, _ => 1), pool.Starts());
    }

    private static async Task WhileWorkingAsync(Pool pool, Func<Task> look, IRunLauncher? launcher = null)
    {
        using var drain = new CancellationTokenSource();
        var worker = pool.Worker("one", launcher: launcher).RunAsync(drain.Token, Never);
        await await Task.WhenAny(look(), worker);
        await drain.CancelAsync();
        await worker;
    }

    private static async Task<string> MessageAsync(Pool pool, Guid run) => (await pool.RunAsync(run))["state"]!["message"]!.GetValue<string>();

    private sealed class Nonsense : IRunLauncher
    {
        public ProcessStartInfo Command(FlowRunBody run) => new("/no/such/program");
    }

    /// <summary>Deletes the first run that is claimed, just before.</summary>
    private sealed class Deleting() : DelegatingHandler(PrefectClient.CreateHandler())
    {
        public bool HasDeleted { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            var address = request.RequestUri!.AbsoluteUri;
            if (!HasDeleted && address.EndsWith("/set_state", StringComparison.Ordinal))
            {
                using var delete = new HttpRequestMessage(HttpMethod.Delete, address[..^"/set_state".Length]);
                using var answer = await base.SendAsync(delete, cancellation);
                answer.EnsureSuccessStatusCode();
                HasDeleted = true;
            }

            return await base.SendAsync(request, cancellation);
        }
    }

    private sealed class KilledException : Exception;

    /// <summary>Ends a worker at a call, as SIGKILL would: it does nothing more.</summary>
    private sealed class Dying(string method, string path, bool afterwards) : DelegatingHandler(PrefectClient.CreateHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            var isIt = request.Method.Method == method && request.RequestUri!.AbsolutePath.Contains(path, StringComparison.Ordinal);
            if (isIt && !afterwards)
                throw new KilledException();
            var answer = await base.SendAsync(request, cancellation);
            return isIt ? throw new KilledException() : answer;
        }
    }
}
