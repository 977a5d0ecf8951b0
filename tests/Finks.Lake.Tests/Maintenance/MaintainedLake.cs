using System.Text.Json;
using Finks.Lake.Maintenance;
using Finks.Lake.Storage;

namespace Finks.Lake.Tests.Maintenance;

/// <summary>A lake with a history worth maintaining, and the real extension to judge what became of it.</summary>
internal static class MaintainedLake
{
    public static readonly TableDefinition ByYear = EveryType.ByYear with { PartitionByYearOf = "tz", SortBy = [new SortKey("id")] };

    public static readonly TableDefinition Plain = LakeFixture.Silver("plain", new TableColumn("id", "BIGINT"), new TableColumn("v", "VARCHAR"));

    public static IProgress<MaintenanceProgress> Quiet { get; } = new Progress<MaintenanceProgress>();

    /// <summary>Appends in small pieces, a replacement, an added column, a table that was dropped.</summary>
    public static void Fill(LakeFixture fixture)
    {
        for (var i = 0; i < 6; i++)
            fixture.Commit(ByYear, EveryType.Select(i * 10, (i + 1) * 10));
        for (var i = 0; i < 4; i++)
            fixture.Commit(Plain, $"SELECT {i}::BIGINT AS id, 'v{i}' AS v UNION ALL SELECT {i + 100}, NULL");
        var gone = LakeFixture.Silver("gone", new TableColumn("a", "BIGINT")) with { SortBy = [new SortKey("a")], Comment = "soon gone" };
        fixture.Commit(gone, "SELECT 1::BIGINT AS a");
        fixture.Commit(gone with { TablePath = "gone2/", SortBy = [], Columns = [new TableColumn("b", "VARCHAR", Comment: "other")] }, "SELECT 'x' AS b", WriteMode.ReplaceAll);
        fixture.Commit(
            Plain with { Columns = [.. Plain.Columns, new TableColumn("more", "DOUBLE")] }, "SELECT 7::BIGINT AS id, 'late' AS v, 1.5::DOUBLE AS more");
    }

    public static IReadOnlyList<TableCompaction> Compact(LakeFixture fixture, DataLake? lake = null, long target = 1 << 20, int threads = 2) =>
        new Compaction(lake ?? fixture.Lake).Run(new CompactionRequest { TargetBytes = target, Threads = threads }, Quiet, CancellationToken.None);

    /// <summary>Every table's rows at every snapshot.</summary>
    public static IReadOnlyDictionary<(long Snapshot, string Table), IReadOnlyList<string>> Everything(LakeFixture fixture, DataLake? of = null)
    {
        var lake = of ?? fixture.Lake;
        return (from snapshot in lake.Snapshots()
                from table in lake.Tables(snapshot)
                select (Key: (snapshot.Id, $"{table.Schema}.{table.Name}"), Rows: (IReadOnlyList<string>)fixture.Query(
                    $"SELECT whole::VARCHAR FROM ({lake.ReadSql(table, snapshot)}) AS whole ORDER BY ALL", r => r.GetString(0))))
            .ToDictionary(t => t.Key, t => t.Rows);
    }

    /// <summary>What still is there must say what it said; what a later state added does not matter.</summary>
    public static void AssertUnchanged(
        IReadOnlyDictionary<(long Snapshot, string Table), IReadOnlyList<string>> before, IReadOnlyDictionary<(long Snapshot, string Table), IReadOnlyList<string>> after)
    {
        foreach (var (key, rows) in before.Where(b => after.Keys.Any(k => k.Snapshot == b.Key.Snapshot)))
            Assert.Equal(rows, after[key]);
    }

    /// <summary>The extension attaches the lake, compares all statistics with the data at every snapshot, and appends and deletes a row.</summary>
    public static JsonElement Check(LakeFixture fixture, params string[] arguments) => Check(fixture.CatalogFile, arguments);

    public static JsonElement Check(string catalog, params string[] arguments)
    {
        var result = Oracle.Run(Oracle.Python("ducklake"), [Checkout.Shared("tools", "ducklake_check.py"), catalog, .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error + result.Output[Math.Max(0, result.Output.IndexOf("\"checks\"", StringComparison.Ordinal))..]);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    /// <summary>Runs statements in the real extension, with the lake attached as <c>lake</c>; returns the rows of selects.</summary>
    public static IReadOnlyList<string> RunInExtension(string catalog, params string[] statements)
    {
        const string script = """
            import duckdb, importlib, pathlib, sys
            con = duckdb.connect()
            catalog = sys.argv[1]
            pg = "=" in catalog
            for name in ("postgres_scanner" if pg else "sqlite_scanner", "ducklake"):
                folder = pathlib.Path(importlib.import_module("duckdb_extension_" + name).__file__).parent
                con.execute(f"LOAD '{next(folder.rglob(name + '.duckdb_extension'))}'")
            con.execute("SET TimeZone='UTC'")
            con.execute("ATTACH 'ducklake:" + ("postgres:" if pg else "sqlite:") + catalog + "' AS lake")
            for statement in sys.argv[2:]:
                done = con.execute(statement)
                for row in done.fetchall() if statement.startswith("SELECT") else []:
                    print("|".join(str(v) for v in row))
            """;
        var result = Oracle.Run(Oracle.Python("ducklake"), ["-c", script, catalog, .. statements]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Does the work again and again, each time failing one step later, until it gets through: at kill points and at operations of the store.</summary>
    /// <param name="work">Given a lake that fails.</param>
    /// <param name="whenFailed">What must hold after each failure.</param>
    /// <returns>How often it failed.</returns>
    public static int FailEverywhere(LakeFixture fixture, Action<DataLake> work, Action whenFailed)
    {
        for (var failAt = 1; ; failAt++)
        {
            var passed = 0;
            var armed = false;
            void Step(string point)
            {
                // A statement that fails takes back its whole transaction, as a failure before the commit does.
                if (armed && point != KillPoint.Statement && ++passed == failAt)
                    throw new InvalidOperationException("killed");
            }

            using var lake = DataLake.Open(fixture.Options((short)(1000 + failAt)) with { Store = new FaultyStore(new LocalStore(fixture.Home), Step), Reached = Step });
            armed = true;
            try
            {
                work(lake);
                return failAt - 1;
            }
            catch (InvalidOperationException killed) when (killed.Message == "killed")
            {
                armed = false;
                whenFailed();
            }
        }
    }
}
