using System.Reflection;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Storage;

namespace Finks.Pipelines.Publishing;

/// <summary>What was published last of each table, and whether a publish may have been cut off.</summary>
internal sealed class ManifestLedger
{
    /// <summary>After this time a publish that has not ended is dead: manifests are small, and writing them takes seconds.</summary>
    private static readonly TimeSpan LongestPublish = TimeSpan.FromHours(1);

    private readonly DataLake _lake;
    private readonly TimeProvider _clock;

    /// <summary>Opens the ledger, and creates its table in a new lake.</summary>
    public ManifestLedger(DataLake lake, TimeProvider clock)
    {
        (_lake, _clock) = (lake, clock);
        lake.Database.EnsureTables("publish", 1, EmbeddedSql.Read(Assembly.GetExecutingAssembly(), "publish-tables.sql"));
    }

    /// <summary>Tables that have manifests.</summary>
    public IReadOnlyList<string> Tables() => _lake.Database.Read(reader => reader.Query("select table_name from finks_manifest order by table_name", row => row.GetString(0)));

    /// <summary>Whether these very manifests were written to their end, and nobody has begun to write others since.</summary>
    public bool Holds(TableManifests manifests) => _lake.Database.Read(reader => reader.Scalar<long>(
        "select count(*) from finks_manifest where table_name = @table and fingerprint = @fingerprint and writers = 0",
        ("table", manifests.Table), ("fingerprint", manifests.Fingerprint))) > 0;

    /// <summary>Says before the first write that manifests may be mixed from here on.</summary>
    public void Begin(string table) => _lake.Database.Write(tx => tx.Execute(
        """
        insert into finks_manifest (table_name, snapshot_id, fingerprint, writers, begun_at) values (@table, 0, '', 1, @now)
        on conflict (table_name) do update set
            writers = case when finks_manifest.begun_at < @dead then 1 else finks_manifest.writers + 1 end, begun_at = excluded.begun_at
        """,
        ("table", table), ("now", UtcText.From(_clock.GetUtcNow())), ("dead", UtcText.From(_clock.GetUtcNow() - LongestPublish))));

    /// <summary>Says that all is written.</summary>
    /// <exception cref="ConflictException">The table has changed meanwhile, and another process may have published that already.</exception>
    public void End(TableManifests manifests, Snapshot snapshot) => _lake.Database.Write(tx =>
    {
        RequireUnchanged(tx, manifests.Table, snapshot);
        tx.Execute(
            "update finks_manifest set snapshot_id = @snapshot, fingerprint = @fingerprint, writers = writers - 1 where table_name = @table",
            ("table", manifests.Table), ("snapshot", snapshot.Id), ("fingerprint", manifests.Fingerprint));
    });

    /// <summary>Says that a table's manifests are deleted.</summary>
    /// <exception cref="ConflictException">The table is there again.</exception>
    public void Forget(string table, Snapshot snapshot) => _lake.Database.Write(tx =>
    {
        RequireUnchanged(tx, table, snapshot);
        tx.Execute("delete from finks_manifest where table_name = @table", ("table", table));
    });

    private static void RequireUnchanged(LedgerTransaction tx, string table, Snapshot snapshot)
    {
        var changes = tx.Scalar<long>(
            """
            select count(*) from ducklake_table t join ducklake_schema s on s.schema_id = t.schema_id
            where s.schema_name = @schema and t.table_name = @table and (t.begin_snapshot > @at
                or exists (select 1 from ducklake_data_file f where f.table_id = t.table_id and (f.begin_snapshot > @at or f.end_snapshot > @at))
                or exists (select 1 from ducklake_delete_file d where d.table_id = t.table_id and d.begin_snapshot > @at))
            """,
            ("schema", Gold.GoldPublisher.Schema), ("table", table), ("at", snapshot.Id));
        if (changes > 0)
            throw new ConflictException($"Another process has changed {table} while its manifests were written. Run `finks publish` again.");
    }
}
