using System.Globalization;
using Finks.Lake.Storage;
using Microsoft.Data.Sqlite;

namespace Finks.Lake.Catalog;

internal static class SnapshotReader
{
    private const string Select =
        """
        SELECT s.snapshot_id, s.snapshot_time, s.schema_version, c.author, c.commit_message, c.commit_extra_info
        FROM ducklake_snapshot s LEFT JOIN ducklake_snapshot_changes c USING (snapshot_id)
        """;

    public static Snapshot Newest(SqliteConnection connection) => connection.Stream(Select + " ORDER BY s.snapshot_id DESC LIMIT 1", Row)
        .First();

    public static List<Snapshot> All(SqliteConnection connection) => connection.Rows(Select + " ORDER BY s.snapshot_id", Row);

    public static Snapshot? Find(SqliteConnection connection, long id) =>
        connection.Stream(Select + " WHERE s.snapshot_id = $id", Row, ("id", id)).FirstOrDefault();

    public static Snapshot? FindCommit(SqliteConnection connection, string key) => connection.Stream(
        Select + " JOIN finks_commit f USING (snapshot_id) WHERE f.idempotency_key = $key", Row, ("key", key)).FirstOrDefault();

    /// <summary>Times are compared as times: other writers leave out trailing zeros, so their texts do not sort.</summary>
    public static Snapshot AsOf(SqliteConnection connection, DateTimeOffset time) =>
        connection.Stream(Select + " ORDER BY s.snapshot_id DESC", Row).FirstOrDefault(s => s.Time <= time)
        ?? throw new LakeException(string.Create(
            CultureInfo.InvariantCulture,
            $"The lake has no snapshot as of {time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z; "
            + $"its first one is of {All(connection)[0].Time:yyyy-MM-dd HH:mm:ss.ffffff}Z. Ask for that time or later."));

    private static Snapshot Row(SqliteDataReader r) =>
        new(r.GetInt64(0), SqliteDialect.Time(r.GetString(1)), r.GetInt64(2), r.Text(3), r.Text(4), r.Text(5));
}
