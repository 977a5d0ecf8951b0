using System.Reflection;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Storage;

namespace Finks.Pipelines.Gold;

/// <summary>What the present Gold tables were built from.</summary>
/// <param name="Id">Number of the build; 0 when there was none.</param>
/// <param name="SilverSnapshot">Newest snapshot that had added rows to a source table.</param>
/// <param name="ProjectHash">Hash of the dbt project's files and variables.</param>
public sealed record GoldBuild(long Id, long SilverSnapshot, string ProjectHash);

/// <summary>Builds of Gold and the results of their nodes, kept in the metadata database.</summary>
public sealed class GoldLedger
{
    private readonly DataLake _lake;

    /// <summary>Opens the ledger, and creates its tables in a new lake.</summary>
    public GoldLedger(DataLake lake)
    {
        _lake = lake;
        lake.Database.EnsureTables("gold", 3, EmbeddedSql.Read(Assembly.GetExecutingAssembly(), "gold-tables.sql"));
    }

    /// <summary>The build that Gold shows now.</summary>
    public GoldBuild Latest() => _lake.Database.Read(reader => reader.First(
        "select build_id, silver_snapshot, project_hash from finks_gold_build order by build_id desc limit 1",
        row => new GoldBuild(row.GetInt64(0), row.GetInt64(1), row.GetString(2)))) ?? new GoldBuild(0, 0, "");

    /// <summary>The snapshots that the ledger refers to: the one whose Gold is shown.</summary>
    public IReadOnlyList<long> NeededSnapshots() => _lake.Database.Read(reader => reader.Query(
        "select snapshot_id from finks_gold_build order by build_id desc limit 1", row => row.GetInt64(0)));

    /// <summary>Records a build, in the transaction that makes its tables visible.</summary>
    /// <param name="build">Carries the number of the build that it follows.</param>
    /// <exception cref="ConflictException">Another build was committed since: what has changed was found out against an older state.</exception>
    internal static void RecordBuild(LedgerTransaction tx, long snapshot, string runId, GoldBuild build, DateTimeOffset at, IReadOnlyList<GoldChange> changes)
    {
        // The commit's own check does not see builds that changed no table: they make no snapshot.
        if (tx.Scalar<long>("select coalesce(max(build_id), 0) from finks_gold_build") != build.Id)
            throw new ConflictException("Another process has built Gold meanwhile, so this one commits nothing. Run `finks transform` again.");
        tx.Execute(
            "insert into finks_gold_build (build_id, snapshot_id, run_id, silver_snapshot, project_hash, built_at) values (@build, @snapshot, @run, @silver, @hash, @at)",
            ("build", build.Id + 1), ("snapshot", snapshot), ("run", runId), ("silver", build.SilverSnapshot), ("hash", build.ProjectHash), ("at", UtcText.From(at)));
        foreach (var change in changes.Where(c => c.Write is not null))
        {
            tx.Execute("delete from finks_gold_partition where table_name = @table", ("table", change.Model.Name));
            foreach (var partition in change.Partitions)
            {
                tx.Execute(
                    "insert into finks_gold_partition values (@table, @partition, @rows, @hash)",
                    ("table", change.Model.Name), ("partition", partition.Name), ("rows", partition.Rows), ("hash", partition.ContentHash));
            }
        }
    }
}
