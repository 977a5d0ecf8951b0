using System.CommandLine;
using Finks.Pipelines.Publishing;

namespace Finks.Cli.Commands;

/// <summary><c>finks publish</c>: manifests for engines that cannot read the lake's catalog.</summary>
internal static class PublishCommand
{
    public static Command Create()
    {
        var workspace = new WorkspaceChoice();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only list the manifests that would be written and deleted." };
        var ddl = new Option<bool>("--ddl") { Description = "Print CREATE EXTERNAL TABLE for each Gold table (Athena, Hive) instead." };
        var command = new Command(
            "publish",
            "Bring the manifests of the Gold tables up to date, by which Athena, Presto and Spark read them (SymlinkTextInputFormat). `finks transform` does so by itself after each commit.")
        {
            dryRun, ddl,
        };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.OpenExisting(parsed);
            if (parsed.GetValue(ddl))
            {
                Console.WriteLine(string.Join('\n', new AthenaDdl(open).Statements()));
                return ExitCodes.Success;
            }

            var publisher = new ManifestPublisher(open);
            var plans = parsed.GetValue(dryRun);
            return Write(plans ? publisher.Plan() : publisher.Publish(look: true), plans ? "would be " : "");
        });
        return command;
    }

    private static int Write(IReadOnlyList<PublishedTable> tables, string would)
    {
        foreach (var table in tables)
        {
            foreach (var key in table.Written)
                Console.WriteLine($"{would}written  {key}");
            foreach (var key in table.Deleted)
                Console.WriteLine($"{would}deleted  {key}");
            if (table.Refusal is { } refusal)
                Console.Error.WriteLine(refusal);
        }

        Console.WriteLine($"{tables.Sum(t => t.Written.Count)} manifests {would}written, {tables.Sum(t => t.Deleted.Count)} {would}deleted.");
        return tables.Any(t => t.Refusal is not null) ? ExitCodes.Failed : ExitCodes.Success;
    }
}
