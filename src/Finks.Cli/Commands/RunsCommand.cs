using System.CommandLine;
using Finks.Cli.Output;
using Finks.Orchestration.Prefect.Workers;
using Finks.Orchestration.Runs;
using Finks.Orchestration.States;
using Finks.Pipelines;
using Spectre.Console;

namespace Finks.Cli.Commands;

/// <summary><c>finks runs</c>: what has run, and what became of it.</summary>
internal static class RunsCommand
{
    public static Command Create()
    {
        var workspace = new WorkspaceChoice();
        var limit = new Option<int>("--limit") { Description = "Most runs to list. Default 20.", DefaultValueFactory = _ => 20 };
        var flow = new Option<string?>("--flow") { Description = "Only runs of this flow." };
        var state = new Option<StateType?>("--state") { Description = "Only runs in this state: Running, Completed, Failed, Crashed, Cancelled, …" };
        var command = new Command("runs", "The latest runs: states, times and reasons.") { limit, flow, state, Show(), Cancel(), Sweep() };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed);
            var runs = open.Runs.Latest(parsed.GetValue(limit), null, parsed.GetValue(flow), parsed.GetValue(state));
            if (runs.Count == 0)
                Console.WriteLine("No such run.");
            else
                RowFormats.WideConsole().Write(RunsTable.Of(runs, open.Clock.GetUtcNow()));
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary>The run whose identifier begins or ends so.</summary>
    /// <exception cref="UsageException">None does, or several do.</exception>
    public static FlowRun One(Workspace workspace, string id)
    {
        var found = workspace.Runs.Find(id);
        return found.Count switch
        {
            1 => found[0],
            0 => throw new UsageException($"There is no run {id}; `finks runs` lists the latest."),
            _ => throw new UsageException($"Several runs begin or end with {id}: {string.Join(", ", found.Select(r => r.Id))}. Give more of it."),
        };
    }

    private static Command Show()
    {
        var workspace = new WorkspaceChoice();
        var id = new Argument<string>("id") { Description = "The run, or the first or last characters of its identifier." };
        var all = new Option<bool>("--log") { Description = "The whole log, not only what went wrong." };
        var report = new Option<bool>("--report") { Description = "The report that the run left, in Markdown." };
        var command = new Command("show", "A run as a tree: tasks and subflows with states, times, retries, and the log lines of what failed.") { id, all, report };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed);
            var tree = open.Runs.Tree(One(open, parsed.GetValue(id)!).Id)!;
            if (parsed.GetValue(report))
            {
                var markdown = tree.Artifacts.Where(a => a.Kind == "markdown").ToList();
                Console.WriteLine(markdown.Count == 0 ? "The run left no report: only a run that goes through writes one." : string.Join("\n", markdown.Select(a => a.Data)));
                return ExitCodes.Success;
            }

            RowFormats.WideConsole().Write(RunTreeView.Of(tree, open.Clock.GetUtcNow(), parsed.GetValue(all)));
            Console.WriteLine();
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Cancel()
    {
        var workspace = new WorkspaceChoice();
        var id = new Argument<string>("id") { Description = "The run, or the first or last characters of its identifier." };
        var command = new Command("cancel", "Ask a run to stop. It stops within seconds, and `finks run --resume` can go on with it.") { id };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed);
            var run = One(open, parsed.GetValue(id)!);
            if (run.State.IsFinal)
                throw new UsageException($"Run {run.Id} has ended as {run.State.Name}.");
            Console.WriteLine($"{run.Name} ({run.Id}): {open.Backend.Cancel(run.Id, "asked for by `finks runs cancel`")!.Name}");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Sweep()
    {
        var workspace = new WorkspaceChoice();
        var prefect = new PrefectChoice();
        var silence = new Option<string>("--silence") { Description = "On a Prefect server: runs without a sign of life for so long are dead. Default 5m.", DefaultValueFactory = _ => "5m" };
        var command = new Command("sweep", "Find runs that count as going on although nobody works on them, and call them crashed: in Finks's ledger, and on the Prefect server when one is named.") { silence };
        prefect.AddTo(command);
        workspace.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var open = workspace.Open(parsed);
            var swept = open.Backend.Sweep();
            using var notify = NotifyChoice.Open(open);
            foreach (var run in swept)
            {
                Console.WriteLine($"{run.Id}  {run.Name}: {run.State.Name}: {run.State.Message}");
                if (notify.Notices is { } notices)
                    await notices.TellAsync(run);
            }

            var stale = prefect.OpenIfNamed(parsed) is { } client
                ? await new StaleRuns(client, Composition.Clock, Composition.Ids).SweepAsync(OptionText.Span(parsed.GetValue(silence)!, "--silence"), cancellation)
                : [];
            foreach (var run in stale)
                Console.WriteLine($"{run.Id}  {run.Name}, on the server: {run.Became}: {run.Reason}");
            Console.WriteLine(swept.Count + stale.Count == 0
                ? "Every run that goes on has somebody who works on it."
                : $"{swept.Count + stale.Count} runs. `finks run --resume ID` goes on with one of the ledger; one of a Prefect server is retried there.");
            return ExitCodes.Success;
        });
        return command;
    }
}
