using System.CommandLine;
using System.Globalization;
using Finks.Cli.Output;
using Finks.Contracts;
using Finks.Pipelines;
using Finks.Pipelines.Flows;
using Finks.Pipelines.Reading;
using Finks.Pipelines.Stages;
using Spectre.Console;

namespace Finks.Cli.Commands;

/// <summary><c>finks quarantine list</c>, <c>show</c> and <c>replay</c>.</summary>
internal static class QuarantineCommand
{
    public static Command Create() => new("quarantine", "Rows that broke their contract: why, which, and back into Silver once the contract is mended.")
    {
        List(),
        Show(),
        Replay(),
    };

    private static Command List()
    {
        var workspace = new WorkspaceChoice();
        var dataset = DatasetOption();
        var command = new Command("list", "The reasons, how often, and the first row of each.") { dataset };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.OpenExisting(parsed);
            var view = new QuarantineView(open);
            var name = Chosen(open, parsed.GetValue(dataset))?.Dataset;
            var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("dataset").NoWrap()).AddColumn(new TableColumn("rows").RightAligned()).AddColumn("reason")
                .AddColumn(new TableColumn("since").NoWrap()).AddColumn(new TableColumn("first row").NoWrap());
            foreach (var group in view.Groups(name))
            {
                table.AddRow(
                    Markup.Escape(group.Dataset), group.Rows.ToString("N0", CultureInfo.InvariantCulture), Markup.Escape(group.Reason),
                    group.Since.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), Markup.Escape(group.First.ToString()));
            }

            if (table.Rows.Count > 0)
                RowFormats.WideConsole().Write(table);
            var counts = view.Counts(name);
            foreach (var count in counts)
                Console.WriteLine($"{count.Dataset}: {count.Open.ToString("N0", CultureInfo.InvariantCulture)} in quarantine, {count.Released.ToString("N0", CultureInfo.InvariantCulture)} released");
            Console.WriteLine(counts.Any(c => c.Open > 0) ? "When a contract has been mended: `finks quarantine replay --dry-run`, then without it." : "No row is in quarantine.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Show()
    {
        var workspace = new WorkspaceChoice();
        var dataset = DatasetOption();
        var released = new Option<bool>("--released") { Description = "Also rows that a replay has released." };
        var output = new RowsChoice();
        var command = new Command("show", "The rows, exactly as received, with every reason and their place in Bronze.") { dataset, released };
        output.AddTo(command);
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.OpenExisting(parsed);
            using var rows = new QuarantineView(open).Open(Chosen(open, parsed.GetValue(dataset))?.Dataset, parsed.GetValue(released), output.Limit(parsed));
            RowFormats.Write(rows.Reader, output.Format(parsed), Console.Out);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Replay()
    {
        var workspace = new WorkspaceChoice();
        var dataset = DatasetOption();
        var accept = new AcceptChoice();
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would become of the rows, and commit nothing." };
        var command = new Command("replay", "Cleanse the rows again, from Bronze, under the contracts of now; those that pass become Silver rows.") { dataset, dryRun };
        accept.AddTo(command);
        workspace.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var open = workspace.OpenExisting(parsed);
            var contracts = Chosen(open, parsed.GetValue(dataset)) is { } one ? [one] : open.Contracts.Contracts;
            var stage = new ReplayStage(open, contracts, accept.Read(parsed), parsed.GetValue(dryRun));
            return await FlowChoice.RunAsync(open, new StagesFlow("quarantine replay", open, [stage]), new NoParameters(), cancellation);
        });
        return command;
    }

    private static Option<string?> DatasetOption() => new("--dataset") { Description = "One dataset. Default: all." };

    private static Contract? Chosen(Workspace workspace, string? dataset)
    {
        try
        {
            return dataset is null ? null : workspace.Contracts.Get(dataset);
        }
        catch (KeyNotFoundException unknown)
        {
            throw new UsageException(unknown.Message);
        }
    }
}
