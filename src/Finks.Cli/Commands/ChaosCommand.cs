using System.CommandLine;
using System.Globalization;
using Finks.Cli.Chaos;
using Finks.Cli.Output;

namespace Finks.Cli.Commands;

/// <summary><c>finks chaos</c>: the proof that nothing is lost or doubled.</summary>
internal static class ChaosCommand
{
    public static Command Create()
    {
        var kills = new Option<int>("--kills")
        {
            Description = "Kill at least as many processes. Default 100.",
            DefaultValueFactory = _ => 100,
        };
        var writers = new Option<int>("--writers")
        {
            Description = "Processes that write at once; 0 for none. Default 8.",
            DefaultValueFactory = _ => 8,
        };
        var faults = new Option<bool>("--faults")
        {
            Description = "Also let every single operation of the storage and of the catalog fail once.",
        };
        var most = new Option<int>("--most-faults")
        {
            Description = "With --faults: so many operations of each kind, spread over all. Default: every one.",
            DefaultValueFactory = _ => int.MaxValue,
        };
        var seed = new Option<int>("--seed") { Description = "Decides on every kill. Default 1.", DefaultValueFactory = _ => 1 };
        var life = new Option<int?>("--life") { Description = "Only the kills of this one life of a lake, which a failure names." };
        var home = new Option<DirectoryInfo?>("--home")
        {
            Description = "Folder for the scratch lakes, which must be absent or empty. Default: .finks/chaos.",
        };
        var store = new Option<string?>("--store")
        {
            Description = "s3://PREFIX for scratch lakes in buckets of that prefix, which must not be there. Default: folders of the home.",
        };
        var catalog = new Option<string?>("--catalog")
        {
            Description = "PostgreSQL for the scratch catalogs, in a database without a lake. Default: SQLite in the home.",
        };
        var keep = new Option<bool>("--keep")
        {
            Description = "Leave the scratch lakes where they are; without it only one that shows a fault is kept.",
        };
        var command = new Command(
            "chaos",
            "Prove that nothing is lost or doubled: kill processes at work on scratch lakes, run them again, and compare with a lake that nobody disturbed.")
        {
            kills, writers, faults, most, seed, life, home, store, catalog, keep,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var plan = new ChaosPlan
            {
                Kills = Least(parsed, kills, 0),
                Writers = Least(parsed, writers, 0),
                Faults = parsed.GetValue(faults) ? Least(parsed, most, 1) : 0,
                Seed = parsed.GetValue(seed),
                Life = parsed.GetValue(life),
            };
            var folder = Path.GetFullPath(parsed.GetValue(home)?.FullName ?? Path.Combine(".finks", "chaos"));
            var lakes = await ScratchLakes.CreateAsync(folder, parsed.GetValue(store), parsed.GetValue(catalog));
            return await RunAsync(plan, lakes, parsed.GetValue(keep), cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(ChaosPlan plan, ScratchLakes lakes, bool keep, CancellationToken cancellation)
    {
        IReadOnlyList<Finding> wrong = [];
        var start = Composition.Clock.GetTimestamp();
        using var progress = new ChaosProgress(plan);
        var tally = new Tally(progress.Show);
        try
        {
            wrong = await new ChaosRun(plan, lakes.All, Child.OfThisProgram, tally).RunAsync(cancellation);
            progress.Dispose();
            ChaosTable.Write(tally, Composition.Clock.GetElapsedTime(start));
            foreach (var finding in wrong)
            {
                ErrorText.Write(finding.Problem);
                Console.Error.WriteLine($"  The lake is kept: {finding.Lake}");
                Console.Error.WriteLine($"  Once more, with the --store and --catalog of this time: finks chaos {finding.Again}");
            }
        }
        catch (OperationCanceledException)
        {
            progress.Dispose();
            ChaosTable.Write(tally, Composition.Clock.GetElapsedTime(start));
            Console.WriteLine("It was stopped before its end. What had been compared until then is in the table.");
            throw;
        }
        finally
        {
            if (!keep)
                await lakes.RemoveAsync(except: [.. wrong.Select(w => w.Lake)]);
        }

        return wrong.Count == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static int Least(ParseResult parsed, Option<int> option, int least) => parsed.GetValue(option) is var value && value >= least
        ? value
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{option.Name} must be at least {least}."));
}
