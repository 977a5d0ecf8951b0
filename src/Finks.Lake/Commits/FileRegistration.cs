namespace Finks.Lake.Commits;

/// <summary>The rows that make files part of a table. Counts and row ids must be exact: readers answer from them without opening a
/// file.</summary>
internal static class FileRegistration
{
    public static void Add(
        CommitTransaction commit, long table, long? partition, IReadOnlyList<DefinedColumn> columns, IReadOnlyList<WrittenFile> files)
    {
        var totals = commit.Database.Query(
            "SELECT record_count, next_row_id, file_size_bytes FROM ducklake_table_stats WHERE table_id = $table",
            r => new Totals(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)), ("table", table)).SingleOrDefault();
        var now = totals ?? new Totals(0, 0, 0);
        foreach (var file in files)
        {
            AddFile(commit, table, partition, file, rowIdStart: now.NextRowId);
            now = new Totals(now.Records + file.Rows, now.NextRowId + file.Rows, now.Bytes + file.Bytes);
        }

        TableStatistics.Widen(commit.Database, table, columns, files, isFirstInsert: totals is null);
        if (totals is null)
            commit.Database.Insert(
                "ducklake_table_stats",
                ("table_id", table), ("record_count", now.Records), ("next_row_id", now.NextRowId), ("file_size_bytes", now.Bytes));
        else
            commit.Database.Execute(
                "UPDATE ducklake_table_stats SET record_count = $records, next_row_id = $next, file_size_bytes = $bytes WHERE table_id = $table",
                ("records", now.Records), ("next", now.NextRowId), ("bytes", now.Bytes), ("table", table));
        commit.Changes.InsertedInto(table);
    }

    private static void AddFile(CommitTransaction commit, long table, long? partition, WrittenFile file, long rowIdStart)
    {
        var id = commit.NewFileId();
        commit.Database.Insert(
            "ducklake_data_file",
            ("data_file_id", id), ("table_id", table), ("begin_snapshot", commit.Id), ("path", file.Path), ("path_is_relative", true),
            ("file_format", "parquet"),
            ("record_count", file.Rows), ("file_size_bytes", file.Bytes), ("footer_size", file.FooterBytes), ("row_id_start", rowIdStart),
            ("partition_id", partition));
        if (partition is not null)
        {
            commit.Database.Insert(
                "ducklake_file_partition_value",
                ("data_file_id", id), ("table_id", table), ("partition_key_index", 0), ("partition_value", file.PartitionValue));
        }

        foreach (var column in file.Columns)
        {
            commit.Database.Insert(
                "ducklake_file_column_stats",
                ("data_file_id", id), ("table_id", table), ("column_id", column.FieldId), ("column_size_bytes", column.Bytes),
                ("value_count", column.Values),
                ("null_count", column.Nulls), ("min_value", column.Min), ("max_value", column.Max), ("contains_nan", column.ContainsNan));
        }
    }

    /// <param name="Records">All rows ever inserted; replaced ones stay counted, as DuckLake does it.</param>
    private sealed record Totals(long Records, long NextRowId, long Bytes);
}
