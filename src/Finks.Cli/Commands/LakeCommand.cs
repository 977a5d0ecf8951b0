using System.CommandLine;
using Finks.Lake;

namespace Finks.Cli.Commands;

/// <summary><c>finks lake</c>: opening the lake, and the commands that look after it.</summary>
internal static class LakeCommand
{
    public static Command Create() => new("lake", "Open the lake with DuckDB, look after its files, back it up.")
    {
        Init(),
        Attach(),
        CheckCommand.Create(),
        CompactionCommands.Compact(),
        CompactionCommands.Expire(),
        SweepCommand.Create(),
        BackupCommands.Backup(),
        BackupCommands.Verify(),
        BackupCommands.Restore(),
        RebuildCommand.Create(),
    };

    private static Command Init()
    {
        var workspace = new WorkspaceChoice();
        var buckets = new Option<bool>("--create-buckets") { Description = "Create zone buckets that are not there: for local servers. Real buckets need encryption, versioning and rules of their own." };
        var command = new Command("init", "Create the lake where it is not yet there, or see that it can be used.") { buckets };
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed, createBuckets: parsed.GetValue(buckets));
            Console.WriteLine($"{open.Lake.Catalog}, zones {open.Lake.Store.DataPath}{open.Lake.Paths.BronzeZone}, {open.Lake.Paths.SilverZone}, {open.Lake.Paths.GoldZone}: ready, snapshot {open.Lake.CurrentSnapshot().Id}.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Attach()
    {
        var workspace = new WorkspaceChoice();
        var command = new Command("attach", "Print the SQL with which any DuckDB opens the lake.");
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.OpenExisting(parsed);
            var s3 = !open.Lake.Store.ZonesLieTogether;
            Console.WriteLine($"-- once: INSTALL ducklake; INSTALL {(open.Lake.Catalog is CatalogLocation.Postgres ? "postgres" : "sqlite")};{(s3 ? " INSTALL httpfs;" : "")}");
            if (s3)
                Console.WriteLine("-- CREATE SECRET (TYPE s3, PROVIDER credential_chain); or with KEY_ID, SECRET, REGION, and ENDPOINT for a server of your own");
            Console.WriteLine(open.Lake.AttachSql());
            Console.WriteLine("-- then, for instance: FROM lake.gold.daily_returns; or AT (VERSION => 1)");
            return ExitCodes.Success;
        });
        return command;
    }
}
