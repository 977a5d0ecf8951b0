using System.CommandLine;
using DuckDB.NET.Data;
using Finks.Cleansing;
using Finks.Cli.Commands;
using Finks.Cli.Output;
using Finks.Contracts;
using Finks.Dbt;
using Finks.Fmp;
using Finks.Lake;
using Finks.Pipelines.Reading;
using Finks.Pipelines.Stages;

namespace Finks.Cli;

/// <summary>All commands, and what becomes of their errors.</summary>
internal sealed class CommandTree
{
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
            StatusCommand.Create(),
            ShowCommand.Create(),
            DiffCommand.Create(),
            TraceCommand.Create(),
            LakeCommand.Create(),
            SimulateCommand.Create(),
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
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception error)
        {
            return Report(error);
        }
    }

    private static int Report(Exception error)
    {
        switch (error)
        {
            case OperationCanceledException:
                Console.Error.WriteLine("Cancelled. What was committed stays; run the command again to go on.");
                return ExitCodes.Cancelled;
            case GateException or CleanseException:
                ErrorText.Write(error.Message);
                return ExitCodes.Gate;
            case UsageException or UnknownNameException:
                ErrorText.Write(error.Message);
                return ExitCodes.Usage;
            case LakeException or ConflictException or ContractException or DbtException or FmpOptionsException or FmpTransportException or IOException or UnauthorizedAccessException:
                ErrorText.Write(error.Message);
                return ExitCodes.Failed;
            case DuckDBException:
                ErrorText.Write($"DuckDB could not do the work: {error.Message}\nNothing half done is visible. If a file is missing or damaged, `finks lake check` names it.");
                return ExitCodes.Failed;
            default:
                ErrorText.Write($"This is a defect of Finks. Please report it with this text.\n{error}");
                return ExitCodes.Failed;
        }
    }
}
