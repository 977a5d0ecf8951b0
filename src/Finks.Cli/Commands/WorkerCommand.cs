using System.CommandLine;
using System.Diagnostics;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Prefect.Workers;

namespace Finks.Cli.Commands;

/// <summary><c>finks worker</c>: takes runs of a Prefect work pool, without Python.</summary>
internal static class WorkerCommand
{
    /// <summary>Less than what those who stop a worker leave it: containers get 30 s.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    public static Command Create()
    {
        var prefect = new PrefectChoice();
        var pool = new Option<string>("--pool") { Description = "The work pool. It must be there: `finks prefect apply` makes it.", Required = true };
        var name = new Option<string?>("--name") { Description = "The worker's name on the server's pages. Default: finks and the name of this machine." };
        var limit = new Option<int>("--limit") { Description = "At most so many runs at once. Default 4.", DefaultValueFactory = _ => 4 };
        var folder = new Option<DirectoryInfo?>("--folder") { Description = "Where it remembers what it has taken; one folder for each worker, on a disk that outlives the process. Default: .finks/workers/POOL-NAME." };
        var command = new Command("worker", "Take runs of a Prefect work pool and start `finks flow-run execute` for each. The first Ctrl-C or SIGTERM ends them, too, in order.") { pool, name, limit, folder };
        prefect.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(limit) < 1)
                throw new UsageException("--limit must be at least 1.");
            var called = parsed.GetValue(name) ?? $"finks {Environment.MachineName}";
            var place = parsed.GetValue(folder)?.FullName ?? Path.Combine(WorkspaceChoice.Setting("FINKS_HOME") ?? ".finks", "workers", Plain($"{parsed.GetValue(pool)}-{called}"));
            var options = new PrefectWorkerOptions
            {
                Pool = parsed.GetValue(pool)!,
                Name = called,
                Folder = place,
                Limit = parsed.GetValue(limit),
                Grace = Grace,
                Tell = text => Console.WriteLine($"{Composition.Clock.GetUtcNow():yyyy-MM-dd HH:mm:ss} {text}"),
            };
            options.Tell($"{called} takes runs of {options.Pool}, at most {options.Limit} at once. It remembers them in {place}.");
            await new PrefectWorker(prefect.Open(parsed), new Launcher(), options, Composition.Clock, Composition.Ids).RunAsync(cancellation, cancellation);
            options.Tell("It has stopped, and works on nothing any more.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Plain(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));

    /// <summary>Starts this program, with what the run's job variables say about the environment.</summary>
    private sealed class Launcher : IRunLauncher
    {
        public ProcessStartInfo Command(FlowRunBody run)
        {
            var start = ThisProgram.Command("flow-run", "execute");
            foreach (var (variable, value) in run.JobVariables?["env"]?.AsObject() ?? [])
            {
                if (value is null)
                    start.Environment.Remove(variable);
                else
                    start.Environment[variable] = value.ToString();
            }

            return start;
        }
    }
}
