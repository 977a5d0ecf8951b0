using System.CommandLine;
using Finks.Orchestration.Engine;
using Finks.Orchestration.Prefect;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Prefect.Workers;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Finks.Pipelines.Flows;

namespace Finks.Cli.Commands;

/// <summary><c>finks flow-run execute</c>: what workers of a Prefect server start.</summary>
internal static class FlowRunCommand
{
    private const string RunVariable = "PREFECT__FLOW_RUN_ID";

    /// <summary>Over some four minutes: a server takes up to one to restart, and finished work is not thrown away for that.</summary>
    private const int Tries = 10;

    public static Command Create() => new("flow-run", "Runs of flows that a Prefect server keeps.") { Execute() };

    private static Command Execute()
    {
        var choice = new WorkspaceChoice();
        var prefect = new PrefectChoice();
        var id = new Option<Guid?>("--id") { Description = $"The flow run. Default: {RunVariable}, which workers set." };
        var command = new Command(
            "execute", "Work on a flow run that a worker of a Prefect server has taken. Ends with 0 once the server knows the outcome, also a failure: only a server that could not be told gives another code.") { id };
        prefect.AddTo(command);
        choice.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var run = parsed.GetValue(id) ?? (Guid.TryParse(WorkspaceChoice.Setting(RunVariable), out var given) ? given : default(Guid?))
                ?? throw new UsageException($"No flow run is named. Give --id, or set {RunVariable} as workers do.");
            var client = prefect.Open(parsed, Tries);
            try
            {
                using var workspace = choice.Open(parsed);
                var options = new PrefectBackendOptions { Warn = Console.Error.WriteLine };
                using var notify = NotifyChoice.Open(workspace, link: r => PrefectChoice.PageOf(client, r));
                await using var backend = new PrefectBackend(client, workspace.Backend, Composition.Clock, Composition.Ids, options);
                return await ExecuteAsync(backend, new FlowCatalog(FlowChoice.Services(workspace)), run, notify.Notices, cancellation);
            }
            catch (Exception error) when (error is not PrefectException)
            {
                await TellAsync(client, run, error);
                throw;
            }
        });
        return command;
    }

    /// <summary>Where nobody watches this process, a run that it could not begin would stay Pending for ever. Once it is Running, the engine tells.</summary>
    private static async Task TellAsync(PrefectClient client, Guid id, Exception error)
    {
        try
        {
            if (await client.FindFlowRunAsync(id, CancellationToken.None) is { State.Type: StateType.Pending or StateType.Cancelling } run)
                await new DeadRun(client, Composition.Ids).BuryAsync(run, $"Its process could not begin: {error.Message}", CancellationToken.None);
        }
        catch (PrefectException unheard)
        {
            Console.Error.WriteLine($"The server could not be told. {unheard.Message}");
        }
    }

    private static async Task<int> ExecuteAsync(PrefectBackend backend, FlowCatalog catalog, Guid id, RunNotices? notices, CancellationToken stop)
    {
        if (await backend.FindFlowRunAsync(id, stop) is not { } run)
        {
            Console.Error.WriteLine($"The server has no flow run {id}; it was deleted. There is nothing to do.");
            return ExitCodes.Success;
        }

        if (run.State.Type is StateType.Running or StateType.Paused || run.State.IsFinal)
        {
            Console.Error.WriteLine($"{run.Name} is {run.State.Name}: somebody else works on it, or it has ended.");
            return ExitCodes.Success;
        }

        if (run.State.Type == StateType.Cancelling)
            return await EndAsync(backend, run, RunState.Cancelled("It was cancelled before it began."));
        if (catalog.Find(run.Flow) is not { } flow)
            return await EndAsync(backend, run, RunState.Failed($"Finks has no flow {run.Flow}. It has {string.Join(", ", catalog.Flows.Select(f => f.Name))}.", retriable: false));

        // A worker that stops sends no word: whoever stops this process otherwise has not asked the server for a cancel.
        var engine = new FlowEngine(backend, Composition.Clock, Composition.Ids, new Output.LogLines(Console.Out))
        {
            Stopped = RunState.Crashed("Execution was aborted by a termination signal."),
        };
        var outcome = await engine.RunAsync(flow, run, stop);
        if (notices is not null && !outcome.IsOthers)
            await notices.TellAsync(outcome.Run);
        return ExitCodes.Success;
    }

    private static async Task<int> EndAsync(PrefectBackend backend, FlowRun run, RunState state)
    {
        await backend.ProposeAsync(run, state, Composition.Ids.Next(), force: false, CancellationToken.None);
        await backend.FlushAsync(CancellationToken.None);
        Console.Error.WriteLine($"{run.Name}: {state.Name}: {state.Message}");
        return ExitCodes.Success;
    }
}
