using Finks.Lake.Storage;

namespace Finks.Lake.Maintenance;

/// <summary>
/// Tells when a table's rows or columns changed last. Neither a compaction, which only moves rows into other files, nor an expiry, which forgets
/// snapshots, looks like a change.
/// </summary>
internal static class TableChanges
{
    private static readonly string Changes = EmbeddedSql.Read("table-changes.sql");

    public static void EnsureTables(LakeDatabase database) =>
        database.EnsureTables("maintenance", 1, EmbeddedSql.Read("maintenance-tables.sql"));

    /// <summary>The newest snapshot, not after <paramref name="at"/>, that changed the table; 0 when none did.</summary>
    public static long Newest(LedgerReader reader, long table, long at) => reader.Scalar<long?>(
        $"select max(snapshot_id) from ({Changes}) c where table_id = @table and snapshot_id <= @at", ("table", table), ("at", at)) ?? 0;

    /// <summary>Writes down what is about to be forgotten.</summary>
    public static void Keep(LedgerTransaction transaction) => transaction.Execute(
        $"""
        insert into finks_table_change (table_id, snapshot_id)
        select table_id, max(snapshot_id) from ({Changes}) c where true group by table_id
        on conflict (table_id) do update set snapshot_id = excluded.snapshot_id
        """);

    public static void RecordCompaction(LedgerTransaction transaction, long snapshot, long table) =>
        transaction.Insert("finks_compaction", ("snapshot_id", snapshot), ("table_id", table));
}
