namespace Finks.Lake.Commits;

/// <summary>The rows that make files part of a table. Counts and row ids must be exact: readers answer from them without opening a
/// file.</summary>
internal static class FileRegistration
{
    private static readonly string[] FileColumns =
    [
        "data_file_id", "table_id", "begin_snapshot", "path", "path_is_relative", "file_format", "record_count", "file_size_bytes", "footer_size",
        "row_id_start", "partition_id",
    ];

    private static readonly string[] PartitionColumns = ["data_file_id", "table_id", "partition_key_index", "partition_value"];

    private static readonly string[] HashColumns = ["data_file_id", "sha256"];

    private static readonly string[] StatisticsColumns =
    [
        "data_file_id", "table_id", "column_id", "column_size_bytes", "value_count", "null_count", "min_value", "max_value", "contains_nan",
    ];

    /// <summary>Adds new rows: the table's totals and bounds take them in.</summary>
    public static void Add(
        CommitTransaction commit, long table, long? partition, IReadOnlyList<DefinedColumn> columns, IReadOnlyList<WrittenFile> files)
    {
        var totals = commit.Database.Query(
            "SELECT record_count, next_row_id, file_size_bytes FROM ducklake_table_stats WHERE table_id = @table",
            r => new Totals(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)), ("table", table)).SingleOrDefault();
        var now = totals ?? new Totals(0, 0, 0);
        var registered = new List<RegisteredFile>();
        foreach (var file in files)
        {
            registered.Add(new RegisteredFile(file, partition, partition is null ? [] : [(0, file.PartitionValue)], now.NextRowId));
            now = new Totals(now.Records + file.Rows, now.NextRowId + file.Rows, now.Bytes + file.Bytes);
        }

        Register(commit, table, registered);
        TableStatistics.Widen(commit.Database, table, columns, files, isFirstInsert: totals is null);
        if (totals is null)
            commit.Database.Insert(
                "ducklake_table_stats",
                ("table_id", table), ("record_count", now.Records), ("next_row_id", now.NextRowId), ("file_size_bytes", now.Bytes));
        else
            commit.Database.Execute(
                "UPDATE ducklake_table_stats SET record_count = @records, next_row_id = @next, file_size_bytes = @bytes WHERE table_id = @table",
                ("records", now.Records), ("next", now.NextRowId), ("bytes", now.Bytes), ("table", table));
        commit.Changes.InsertedInto(table);
    }

    /// <summary>Makes files part of a table, and nothing more.</summary>
    public static void Register(CommitTransaction commit, long table, IReadOnlyList<RegisteredFile> files)
    {
        var numbered = files.Select(f => (Id: commit.NewFileId(), f.File, f.Partition, f.PartitionValues, f.RowIdStart)).ToList();
        void Insert(string name, string[] columns, IEnumerable<object?[]> rows) => commit.Database.InsertMany(name, columns, [.. rows]);
        Insert("ducklake_data_file", FileColumns, numbered.Select(f => new object?[]
        {
            f.Id, table, commit.Id, f.File.Path, true, "parquet", f.File.Rows, f.File.Bytes, f.File.FooterBytes, f.RowIdStart, f.Partition,
        }));
        Insert("ducklake_file_partition_value", PartitionColumns, numbered.SelectMany(f => f.PartitionValues.Select(v => new object?[] { f.Id, table, v.Index, v.Value })));
        Insert("finks_file_hash", HashColumns, numbered.Select(f => new object?[] { f.Id, f.File.Sha256 }));
        Insert("ducklake_file_column_stats", StatisticsColumns, numbered.SelectMany(f => f.File.Columns.Select(c => new object?[]
        {
            f.Id, table, c.FieldId, c.Bytes, c.Values, c.Nulls, c.Min, c.Max, c.ContainsNan,
        })));
    }

    /// <param name="Records">All rows ever inserted; replaced ones stay counted, as DuckLake does it.</param>
    private sealed record Totals(long Records, long NextRowId, long Bytes);
}

/// <param name="Partition">The partition specification that the file belongs to; null for none.</param>
/// <param name="PartitionValues">Value by key index.</param>
/// <param name="RowIdStart">Null when the rows carry their ids themselves.</param>
internal sealed record RegisteredFile(WrittenFile File, long? Partition, IReadOnlyList<(long Index, string? Value)> PartitionValues, long? RowIdStart);
