using System.CommandLine;
using DuckDB.NET.Data;
using Finks.Cleansing;
using Finks.Cleansing.Privacy;
using Finks.Cli.Chaos;
using Finks.Cli.Commands;
using Finks.Cli.Output;
using Finks.Contracts;
using Finks.Dbt;
using Finks.Fmp;
using Finks.Lake;
using Finks.Orchestration;
using Finks.Orchestration.Engine;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Prefect.Deploying;
using Finks.Orchestration.Scheduling;
using Finks.Pipelines.Flows;
using Finks.Pipelines.Reading;
using Finks.Pipelines.Stages;

namespace Finks.Cli;

/// <summary>All commands, and what becomes of their errors.</summary>
internal sealed class CommandTree
{
    /// <summary>How long a command that was told to end may take to end in order: to say what became of its run. Workers of a Prefect server kill
    /// after 30 s.</summary>
    private static readonly TimeSpan TerminationTimeout = TimeSpan.FromSeconds(25);

    private readonly RootCommand _root;

    private CommandTree(RootCommand root) => _root = root;

    public static CommandTree Build()
    {
        var root = new RootCommand("Finks takes financial data from the source to tested tables: raw (Bronze), cleansed (Silver), modelled with dbt (Gold).\n" + ExitCodes.Help)
        {
            DemoCommand.Create(),
            RunCommands.Ingest(),
            RunCommands.Cleanse(),
            RunCommands.Transform(),
            RunCommands.Run(),
            RunCommands.Backfill(),
            RunsCommand.Create(),
            RunCommands.Freshness(),
            RunCommands.Maintain(),
            StatusCommand.Create(),
            ShowCommand.Create(),
            DiffCommand.Create(),
            TraceCommand.Create(),
            QualityCommand.Create(),
            QuarantineCommand.Create(),
            LakeCommand.Create(),
            PublishCommand.Create(),
            ScheduleCommand.Create(),
            NotifyCommand.Create(),
            PrefectCommand.Create(),
            SimulateCommand.Create(),
            WorkerCommand.Create(),
            FlowRunCommand.Create(),
            ChaosCommand.Create(),
        };
        return new CommandTree(root);
    }

    public async Task<int> RunAsync(string[] args)
    {
        var parsed = _root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                Console.Error.WriteLine(error.Message);
            Console.Error.WriteLine($"Try `finks {(parsed.CommandResult.Command == _root ? "" : parsed.CommandResult.Command.Name + " ")}--help`.");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TerminationTimeout });
        }
        catch (Exception error)
        {
            return Report(error);
        }
    }

    /// <summary>What an error becomes for the caller of the program; null for one that only a defect of Finks can cause.</summary>
    internal static int? ExitCodeOf(Exception error) => error switch
    {
        OperationCanceledException => ExitCodes.Cancelled,
        GateException or CleanseException => ExitCodes.Gate,
        TasksFailedException { InnerException: { } first } => ExitCodeOf(first),
        UsageException or UnknownNameException => ExitCodes.Usage,
        LakeException or ConflictException or ContractException or DbtException or FmpOptionsException or FmpTransportException or MaskingException
            or ChaosException or RunStoppedException or PrefectException or PrefectDeployException or EnvironmentFileException
            or FlowParametersException or FlowSettingException or ScheduleException or TimeoutException or DuckDBException or IOException or UnauthorizedAccessException => ExitCodes.Failed,
        _ => null,
    };

    private static int Report(Exception error)
    {
        var code = ExitCodeOf(error);
        if (error is OperationCanceledException)
            Console.Error.WriteLine("Cancelled. What was committed stays; run the command again to go on.");
        else if (error is DuckDBException)
            ErrorText.Write($"DuckDB could not do the work: {error.Message}\nNothing half done is visible. If a file is missing or damaged, `finks lake check` names it.");
        else if (code is null)
            ErrorText.Write($"This is a defect of Finks. Please report it with this text.\n{error}");
        else
            ErrorText.Write(error.Message);
        return code ?? ExitCodes.Failed;
    }
}
