using Finks.Cli.Commands;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Finks.Pipelines;
using Finks.Pipelines.Flows;

namespace Finks.Cli.Chaos;

/// <summary>The other way on after a kill: not the same command again, but the killed run from its finished tasks.</summary>
internal static class Resumption
{
    /// <summary>The run that a kill has left; null when it was killed before it began, or lost with its machine.</summary>
    /// <param name="since">When the step began: what older steps have left does not count.</param>
    public static FlowRun? Find(Workspace workspace, DateTimeOffset since)
    {
        workspace.Backend.Sweep();
        return workspace.Runs.Latest(1, flow: DailyFlow.FlowName) is [{ State: { IsFinal: true, Type: not StateType.Completed } } run] && run.CreatedAt >= since ? run : null;
    }

    /// <summary>The command line that goes on with it.</summary>
    public static IReadOnlyList<string> Command(FlowRun run) => ["run", "--resume", $"{run.Id:D}"];

    /// <summary>Goes on with it in this process.</summary>
    public static Task RunAsync(Workspace workspace, FlowRun run, CancellationToken cancellation)
    {
        var reopened = workspace.Backend.Reopen(run.Id) ?? throw new ChaosException($"Run {run.Id} cannot go on, although it is {run.State.Name}.");
        return new FlowRunner(workspace, new NoDisplay()).WorkAsync(new DailyFlow(FlowChoice.Services(workspace, ChaosWork.ApiKey)), reopened, cancellation);
    }
}
