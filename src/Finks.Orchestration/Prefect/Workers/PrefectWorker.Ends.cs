using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.States;

namespace Finks.Orchestration.Prefect.Workers;

/// <summary>How runs leave a worker.</summary>
public sealed partial class PrefectWorker
{
    /// <summary>Finds out what became of a claim that this process does not know of.</summary>
    private async Task RecoverAsync(ClaimFolder claims, Claim claim)
    {
        var run = await client.FindFlowRunAsync(claim.Run, CancellationToken.None);
        var process = claim.Process is { } known ? ChildProcess.Adopt(known) : ChildProcess.Find(ClaimVariable, claim.Transition);
        if (run is not null && process is not null)
        {
            _held[claim.Run] = new HeldRun(run, claim with { Process = process.Identity }) { Process = process };
            claims.Write(_held[claim.Run].Claim);
            options.Tell($"{run.Name} ({run.Id}) goes on in process {process.Identity.Id}, which a former worker has started.");
        }
        else if (run?.State is { Type: StateType.Pending } pending && pending.TransitionId == claim.Transition && claim.Process is null)
        {
            await HandBackAsync(claims, run);
        }
        else if (run is not null && (claim.Process is not null || HostProcess.Parse(run.InfrastructurePid)?.HasEnded() == true))
        {
            await BuryAsync(claims, run.Id, "Its process ended while no worker looked after it.");
        }
        else
        {
            // Somebody else's, or nobody's: the claim was refused or never arrived.
            claims.Forget(claim.Run);
        }

        _unsure.Remove(claim.Run);
    }

    private async Task EndAsync(ClaimFolder claims, HeldRun held)
    {
        var why = $"Process {held.Process!.Identity.Id} {(held.IsKilled ? "was killed and " : "")}ended{held.Process.HowItEnded} before the run had its end.";
        await BuryAsync(claims, held.Run.Id, why, run => !IsOthers(run, held));
    }

    /// <summary>A run that was suspended and resumed may be with another worker before its former process has ended.</summary>
    private static bool IsOthers(FlowRunBody run, HeldRun held) => run.State?.Type == StateType.Pending
        ? run.State.TransitionId is { } claim && claim != held.Claim.Transition
        : HostProcess.Parse(run.InfrastructurePid) is { } process && process != HostProcess.On(held.Process!.Identity.Id) && !process.HasEnded();

    /// <summary>Writes the end of a run whose process has none, and forgets it.</summary>
    private async Task BuryAsync(ClaimFolder claims, Guid id, string why, Func<FlowRunBody, bool>? isOurs = null)
    {
        if (await client.FindFlowRunAsync(id, CancellationToken.None) is { } run && isOurs?.Invoke(run) != false
            && await _dead.BuryAsync(run, why, CancellationToken.None) is { } became)
            options.Tell($"{run.Name} ({id}) is {became}. {why}");
        _held.Remove(id);
        claims.Forget(id);
    }

    /// <summary>Lets any worker take the run.</summary>
    private async Task HandBackAsync(ClaimFolder claims, FlowRunBody run)
    {
        var details = new StateDetails
        {
            FlowRunId = run.Id,
            TransitionId = ids.Next(),
            ScheduledTime = run.ExpectedStartTime ?? time.GetUtcNow(),
        };
        var why = $"Handed back by worker {options.Name}.";
        var state = new StateCreate(StateType.Scheduled, nameof(StateType.Scheduled), why, StateDetails: details);
        var reply = await client.SetFlowRunStateAsync(run.Id, state, force: false, CancellationToken.None);
        if (reply.Status != ReplyStatus.Accept)
        {
            await BuryAsync(claims, run.Id, "It was cancelled before it began.");
            return;
        }

        options.Tell($"{run.Name} ({run.Id}) is handed back.");
        _held.Remove(run.Id);
        claims.Forget(run.Id);
    }

    private async Task PassOnCancelsAsync(ClaimFolder claims)
    {
        if (_held.Count == 0)
            return;
        var cancelling = new StateFilter(new AnyOf<StateType>([StateType.Cancelling]));
        var filter = new FlowRunFilter(Id: new AnyOf<Guid>([.. _held.Keys]), State: cancelling);
        foreach (var run in await client.FlowRunsAsync(filter, CancellationToken.None))
        {
            var held = _held[run.Id];
            if (held.Process is null)
                await BuryAsync(claims, run.Id, "It was cancelled before it began.");
            else
                AskToEnd([held]);
        }
    }

    private void AskToEnd(IEnumerable<HeldRun> runs)
    {
        foreach (var held in runs.Where(held => held is { Process: not null, AskedToEnd: null }))
        {
            options.Tell($"Process {held.Process!.Identity.Id} of {held.Run.Name} ({held.Run.Id}) is asked to end.");
            held.AskedToEnd = time.GetTimestamp();
            held.Process.Terminate();
        }
    }

    private void KillLate()
    {
        foreach (var held in _held.Values.Where(IsLate))
        {
            options.Tell($"Process {held.Process!.Identity.Id} of {held.Run.Name} ({held.Run.Id}) did not end, and is killed.");
            held.IsKilled = true;
            held.Process.Kill();
        }

        bool IsLate(HeldRun held) =>
            held is { Process: not null, IsKilled: false, AskedToEnd: { } asked } && time.GetElapsedTime(asked) >= options.Grace;
    }
}
