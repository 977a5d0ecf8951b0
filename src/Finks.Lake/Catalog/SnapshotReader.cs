using System.Data.Common;
using System.Globalization;

namespace Finks.Lake.Catalog;

internal static class SnapshotReader
{
    private const string Select =
        """
        SELECT s.snapshot_id, s.snapshot_time, s.schema_version, c.author, c.commit_message, c.commit_extra_info, c.changes_made
        FROM ducklake_snapshot s LEFT JOIN ducklake_snapshot_changes c USING (snapshot_id)
        """;

    public static Snapshot Newest(LedgerReader reader) => reader.Stream(Select + " ORDER BY s.snapshot_id DESC LIMIT 1", Row)
        .First();

    public static IReadOnlyList<Snapshot> All(LedgerReader reader) => reader.Query(Select + " ORDER BY s.snapshot_id", Row);

    public static Snapshot? Find(LedgerReader reader, long id) => reader.First(Select + " WHERE s.snapshot_id = @id", Row, ("id", id));

    public static Snapshot Get(LedgerReader reader, long id) => Find(reader, id)
        ?? throw new LakeException($"The lake has no snapshot {id}{(id < Newest(reader).Id ? ": it has been expired" : "")}. {Known(reader)}");

    /// <summary>From a table of its own: an expired snapshot's work is done all the same.</summary>
    public static Snapshot? FindCommit(LedgerReader reader, string key) => reader.First(
        "SELECT snapshot_id, snapshot_time, schema_version, author, message, extra_info FROM finks_commit WHERE idempotency_key = @key", Row, ("key", key));

    /// <summary>The snapshots after one that the catalog still has, with their <c>changes_made</c>.</summary>
    public static List<(Snapshot Snapshot, string? Changes)> ChangesAfter(LedgerReader reader, long id) => [.. reader.Query(
        Select + " WHERE s.snapshot_id > @id ORDER BY s.snapshot_id", r => (Row(r), r.Text(6)), ("id", id))];

    /// <summary>Times are compared as times: other writers leave out trailing zeros, so their texts do not sort.</summary>
    public static Snapshot AsOf(LedgerReader reader, DateTimeOffset time) =>
        reader.Stream(Select + " ORDER BY s.snapshot_id DESC", Row).FirstOrDefault(s => s.Time <= time)
        ?? throw new LakeException(string.Create(
            CultureInfo.InvariantCulture, $"The lake has no snapshot as of {time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z. {Known(reader)}"));

    private static string Known(LedgerReader reader)
    {
        var oldest = reader.Stream(Select + " ORDER BY s.snapshot_id LIMIT 1", Row).First();
        var newest = Newest(reader);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The oldest is {oldest.Id} of {oldest.Time:yyyy-MM-dd HH:mm:ss.ffffff}Z, the newest {newest.Id} of {newest.Time:yyyy-MM-dd HH:mm:ss.ffffff}Z: ask for one of these or between.");
    }

    private static Snapshot Row(DbDataReader r) =>
        new(r.GetInt64(0), r.Instant(1), r.GetInt64(2), r.Text(3), r.Text(4), r.Text(5));
}
