using System.Data.Common;
using Finks.Lake.Storage;

namespace Finks.Lake;

/// <summary>
/// One write transaction on the catalog's database; there is never more than one at a time. What it does may be done again from its beginning
/// when the database gave it up, so it must not change anything but the database.
/// </summary>
public sealed class LedgerTransaction : LedgerReader
{
    internal LedgerTransaction(CatalogDialect dialect, DbConnection connection, DbTransaction transaction, Action<string>? reached)
        : base(dialect, connection, transaction, reached)
    {
    }

    /// <summary>The snapshot that this transaction commits; null outside <see cref="DataLake.Commit"/>.</summary>
    public long? SnapshotId { get; internal set; }

    /// <summary>The time of that snapshot.</summary>
    public DateTimeOffset? SnapshotTime { get; internal set; }

    /// <summary>The number of rows changed.</summary>
    public int Execute(string sql, params (string Name, object? Value)[] parameters) => Prepare(sql, parameters).ExecuteNonQuery();

    /// <summary>Inserts a row; names and values are of the columns, the names Finks's own.</summary>
    public void Insert(string table, params (string Name, object? Value)[] values) => Execute(
        $"INSERT INTO {table} ({string.Join(", ", values.Select(v => v.Name))}) VALUES ({string.Join(", ", values.Select(v => "@" + v.Name))})", values);

    /// <summary>Inserts many rows in few round trips. Names are Finks's own; each row has a value for each.</summary>
    /// <param name="onConflict">What becomes of rows that are there, e.g. <c>ON CONFLICT DO NOTHING</c>. One call must then not hold two rows with one key.</param>
    public void InsertMany(string table, IReadOnlyList<string> columns, IReadOnlyList<object?[]> rows, string onConflict = "")
    {
        foreach (var batch in rows.Chunk(Math.Max(1, ParametersPerInsert / columns.Count)))
        {
            var places = batch.Select((_, row) => $"({string.Join(", ", columns.Select((_, column) => $"@v{(row * columns.Count) + column}"))})");
            Execute(
                $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES {string.Join(", ", places)} {onConflict}",
                [.. batch.SelectMany(row => row).Select((value, i) => ($"v{i}", value))]);
        }
    }
}
