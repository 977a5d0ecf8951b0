using Finks.Lake;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect.Workers;

/// <summary>
/// Takes runs of a work pool and starts a process for each. Several may share a pool: the server gives each run to one of them.
/// </summary>
/// <remarks>
/// Everything happens in one loop: say that the worker is alive, look after the processes, pass on cancels, start what is due, take more.
/// What the server cannot be told while it is away is told in a later turn.
/// </remarks>
public sealed partial class PrefectWorker(
    PrefectClient client, IRunLauncher launcher, PrefectWorkerOptions options, TimeProvider time, IdSource ids)
{
    internal const string RunVariable = "PREFECT__FLOW_RUN_ID";

    /// <summary>Names the claim for which a process was started. By it a worker knows its own processes from those of other workers of this
    /// machine.</summary>
    internal const string ClaimVariable = "FINKS_CLAIM";

    private readonly DeadRun _dead = new(client, ids);
    private readonly Dictionary<Guid, HeldRun> _held = [];

    /// <summary>Claims of which is not known what became: of a former worker's process, or of a call without an answer.</summary>
    private readonly Dictionary<Guid, Claim> _unsure = [];

    private TaskCompletionSource _wake = new();
    private long? _toldAlive;
    private bool _isAway;

    /// <summary>Works until it is told to stop.</summary>
    /// <param name="drain">Take no more runs, hand back those not begun, and end when the others have.</param>
    /// <param name="kill">End the others, too.</param>
    /// <exception cref="PrefectException">The server refuses this worker, or there is no such pool.</exception>
    public async Task RunAsync(CancellationToken drain, CancellationToken kill)
    {
        using var claims = new ClaimFolder(options.Folder);
        foreach (var claim in claims.ReadAll())
            _unsure[claim.Run] = claim;
        using var onDrain = drain.Register(Wake);
        using var onKill = kill.Register(Wake);
        while (true)
        {
            Interlocked.Exchange(ref _wake, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            try
            {
                await TurnAsync(claims, drain, kill);
                _isAway = false;
                if ((drain.IsCancellationRequested || kill.IsCancellationRequested) && _held.Count + _unsure.Count == 0)
                    return;
            }
            catch (PrefectException away) when (away.IsTransient)
            {
                if (!_isAway)
                    options.Tell($"The worker goes on without the server for now. {away.Message}");
                _isAway = true;
                // What the server was not told stands on disk, for the next worker.
                if (kill.IsCancellationRequested && _held.Values.All(held => held.Process is null or { HasEnded: true }))
                    return;
            }

            await SleepAsync();
        }
    }

    private async Task TurnAsync(ClaimFolder claims, CancellationToken drain, CancellationToken kill)
    {
        KillLate();
        if (kill.IsCancellationRequested)
            AskToEnd(_held.Values);
        foreach (var claim in _unsure.Values.ToList())
            await RecoverAsync(claims, claim);
        foreach (var held in _held.Values.Where(held => held.Process is { HasEnded: true }).ToList())
            await EndAsync(claims, held);
        await TellAliveAsync();
        await PassOnCancelsAsync(claims);
        if (kill.IsCancellationRequested || drain.IsCancellationRequested)
        {
            foreach (var held in _held.Values.Where(held => held.Process is null).ToList())
                await HandBackAsync(claims, held.Run);
            return;
        }

        await TakeAsync(claims, drain);
        foreach (var held in _held.Values.Where(held => held.Process is null && DueIn(held) <= TimeSpan.Zero).ToList())
            await StartAsync(claims, held);
    }

    private async Task TellAliveAsync()
    {
        if (_toldAlive is { } last && time.GetElapsedTime(last) < options.HeartbeatInterval)
            return;
        await client.WorkerHeartbeatAsync(options.Pool, options.Name, options.HeartbeatInterval, CancellationToken.None);
        _toldAlive = time.GetTimestamp();
    }

    /// <summary>Claims what is due, as far as there is room.</summary>
    private async Task TakeAsync(ClaimFolder claims, CancellationToken drain)
    {
        var room = options.Limit - _held.Count;
        if (room <= 0)
            return;
        var due = await client.DueRunsAsync(options.Pool, time.GetUtcNow() + options.Prefetch, room, CancellationToken.None);
        foreach (var run in due.Where(run => !run.RetriesInProcess || run.State?.Name != StateNames.AwaitingRetry))
        {
            // One that was suspended and resumed is due before its former process has ended.
            if (!drain.IsCancellationRequested && !_held.ContainsKey(run.Id))
                await ClaimAsync(claims, run);
        }
    }

    private async Task ClaimAsync(ClaimFolder claims, FlowRunBody run)
    {
        var claim = new Claim(run.Id, ids.Next(), Process: null);
        claims.Write(claim);
        _unsure[run.Id] = claim;
        var details = new StateDetails { FlowRunId = run.Id, TransitionId = claim.Transition };
        var pending = new StateCreate(StateType.Pending, nameof(StateType.Pending), StateDetails: details);
        var reply = await client.SetFlowRunStateAsync(run.Id, pending, force: false, CancellationToken.None);
        _unsure.Remove(run.Id);
        if (Translation.FromServer(reply, claim.Transition) is StateAnswer.Accepted)
            _held[run.Id] = new HeldRun(run, claim);
        else
            claims.Forget(run.Id);
    }

    private async Task StartAsync(ClaimFolder claims, HeldRun held)
    {
        var command = launcher.Command(held.Run);
        command.UseShellExecute = false;
        command.Environment[RunVariable] = held.Run.Id.ToString();
        command.Environment[ClaimVariable] = held.Claim.Transition.ToString();
        command.Environment["PREFECT_API_URL"] = client.ApiUrl.AbsoluteUri;
        if (client.AuthString is { } secret)
            command.Environment["PREFECT_API_AUTH_STRING"] = secret;
        try
        {
            held.Process = ChildProcess.Start(command, Wake);
        }
        catch (Exception failed) when (failed is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            await BuryAsync(claims, held.Run.Id, $"Its process could not be started: {command.FileName}: {failed.Message}");
            return;
        }

        held.Claim = held.Claim with { Process = held.Process.Identity };
        claims.Write(held.Claim);
        options.Tell($"{held.Run.Name} ({held.Run.Id}) began in process {held.Process.Identity.Id}.");
        var pid = HostProcess.On(held.Process.Identity.Id).ToString();
        try
        {
            await client.UpdateFlowRunAsync(held.Run.Id, new FlowRunUpdate(InfrastructurePid: pid), CancellationToken.None);
        }
        catch (PrefectException deleted) when (deleted.Status == 404)
        {
            AskToEnd([held]);
        }
    }

    private TimeSpan DueIn(HeldRun held) => (held.Run.ExpectedStartTime ?? time.GetUtcNow()) - time.GetUtcNow();

    private void Wake() => _wake.TrySetResult();

    /// <summary>Until the next poll, or until something is to be done before.</summary>
    private async Task SleepAsync()
    {
        var pause = options.PollInterval;
        foreach (var held in _held.Values)
        {
            var next = held switch
            {
                { Process: null } => DueIn(held),
                { AskedToEnd: { } asked, IsKilled: false } => options.Grace - time.GetElapsedTime(asked),
                _ => pause,
            };
            pause = next < pause ? next : pause;
        }

        // While the server is away, what is overdue waits for the next poll.
        if (pause < TimeSpan.Zero)
            pause = _isAway ? options.PollInterval : TimeSpan.Zero;
        using var enough = new CancellationTokenSource();
        await Task.WhenAny(_wake.Task, Task.Delay(pause, time, enough.Token));
        await enough.CancelAsync();
    }
}
