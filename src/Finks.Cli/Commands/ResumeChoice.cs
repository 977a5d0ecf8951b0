using System.CommandLine;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Finks.Pipelines;
using Finks.Pipelines.Flows;

namespace Finks.Cli.Commands;

/// <summary><c>--resume [ID]</c>: go on with a run that did not complete.</summary>
internal sealed class ResumeChoice
{
    private const int LookedAt = 50;

    private readonly Option<string?> _resume = new("--resume")
    {
        Description = "Go on with a run that was killed, failed or was cancelled, from its finished tasks and with its own parameters: the run named, or the latest that did not complete.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public void AddTo(Command command) => command.Options.Add(_resume);

    public bool IsGiven(ParseResult parsed) => parsed.GetResult(_resume) is { Implicit: false };

    /// <exception cref="UsageException">There is no such run, or it completed, or somebody works on it.</exception>
    public async Task<int> RunAsync(ParseResult parsed, Workspace workspace, FlowServices services, CancellationToken cancellation)
    {
        workspace.Backend.Sweep();
        var catalog = new FlowCatalog(services);
        var run = parsed.GetValue(_resume) is { } id ? RunsCommand.One(workspace, id) : Latest(workspace, catalog);
        var flow = catalog.Find(run.Flow) ?? throw new UsageException($"Run {run.Id} is of {run.Flow}, which cannot go on: give its command again.");
        if (workspace.Backend.Reopen(run.Id) is not { } reopened)
            throw new UsageException(run.State.Type == StateType.Completed ? $"Run {run.Id} has completed." : $"Run {run.Id} is {run.State.Name}: another process works on it.");
        Console.WriteLine($"Going on with {reopened.Name} ({reopened.Id})");
        return await FlowChoice.WorkAsync(workspace, flow, reopened, cancellation);
    }

    private static FlowRun Latest(Workspace workspace, FlowCatalog catalog)
    {
        var latest = workspace.Runs.Latest(LookedAt).Where(r => catalog.Find(r.Flow) is not null).ToList();
        return latest.FirstOrDefault(r => r.State.IsFinal && r.State.Type != StateType.Completed)
            ?? throw new UsageException(latest.Count == 0 ? "Nothing has run yet." : $"Of the latest {latest.Count} runs all have completed or go on; `finks runs` lists them.");
    }
}
