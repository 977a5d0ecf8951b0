namespace Finks.Lake.Commits;

/// <summary>Brings one table to what a write says: its definition, then its files.</summary>
internal static class TableCommit
{
    public static void Apply(CommitTransaction commit, TableWrite write, IReadOnlyList<LakeTable> tables)
    {
        var definition = write.Table;
        var columns = definition.Define();
        var table = tables.FirstOrDefault(t => t.Schema.Equals(definition.Schema, StringComparison.OrdinalIgnoreCase)
            && t.Name.Equals(definition.Name, StringComparison.OrdinalIgnoreCase));
        if (table is not null && MustBeMadeAnew(table, write, columns, commit.Paths))
        {
            TableSchema.Drop(commit, table);
            table = null;
        }

        long id;
        long? partition;
        if (table is null)
        {
            (id, partition) = TableSchema.Create(commit, definition, columns);
        }
        else
        {
            id = table.Id;
            partition = TableSchema.Alter(commit, table, definition, columns);
            EndFiles(commit, table, write);
        }

        if (write.Files.Count > 0)
            FileRegistration.Add(commit, id, partition, columns, write.Files);
    }

    /// <summary>New columns at the end are an alteration; any other change of columns makes a new table, which only ReplaceAll may ask
    /// for.</summary>
    private static bool MustBeMadeAnew(LakeTable table, TableWrite write, IReadOnlyList<DefinedColumn> columns, LakePaths paths)
    {
        var difference = Difference(table, columns);
        var folder = paths.FolderOf(write.Table);
        if (difference is null && table.Folder != folder)
            difference = $"its files lie in {table.Folder}, the write has them in {folder}";
        if (difference is null && write.Mode != WriteMode.ReplaceAll
            && columns.Skip(table.Columns.Count).FirstOrDefault(c => !c.Column.NullsAllowed) is { } required)
            difference = $"the new column {required.Column.Name} allows no NULLs, but the rows already there have none of its values";
        if (difference is not null && write.Mode != WriteMode.ReplaceAll)
        {
            throw new LakeException($"{table.FullName} cannot take the files of a write with the mode {write.Mode}: {difference}. "
                + "Give the definition the table's columns, with new ones only at the end, or rebuild the table with ReplaceAll.");
        }

        return difference is not null;
    }

    private static string? Difference(LakeTable table, IReadOnlyList<DefinedColumn> columns)
    {
        if (columns.Count < table.Columns.Count)
            return $"it has {table.Columns.Count} columns, the write has {columns.Count}";
        foreach (var (old, now) in table.Columns.Zip(columns))
        {
            if (!old.Name.Equals(now.Column.Name, StringComparison.OrdinalIgnoreCase))
                return $"the write has the column {now.Column.Name} where the table has {old.Name}";
            if (old.DuckDbType != now.Type.DuckDb)
                return $"its column {old.Name} is {old.DuckDbType}, the write has {now.Type.DuckDb}";
            if (old.Id != now.Id || old.ElementId != now.ElementId)
                return $"its column {old.Name} has the field id {old.Id}, the write has {now.Id}, because another writer changed the table";
            if (old.NullsAllowed && !now.Column.NullsAllowed)
                return $"its column {old.Name} allows NULLs, the write's does not";
        }

        return null;
    }

    private static void EndFiles(CommitTransaction commit, LakeTable table, TableWrite write)
    {
        const string end = "UPDATE ducklake_data_file SET end_snapshot = $snapshot WHERE table_id = $table AND end_snapshot IS NULL";
        var ended = 0;
        if (write.Mode == WriteMode.ReplaceAll)
        {
            ended = commit.Database.Execute(end, ("snapshot", commit.Id), ("table", table.Id));
        }
        else if (write.Mode == WriteMode.ReplacePartitions)
        {
            RefuseUnpartitionedFiles(commit, table);
            foreach (var value in write.ReplacedPartitions)
            {
                ended += commit.Database.Execute(
                    end + " AND data_file_id IN (SELECT data_file_id FROM ducklake_file_partition_value WHERE table_id = $table AND partition_value IS $value)",
                    ("snapshot", commit.Id), ("table", table.Id), ("value", value));
            }
        }

        if (ended > 0)
            commit.Changes.DeletedFrom(table.Id);
    }

    /// <summary>A file of another partitioning may hold rows of the replaced years, which would then stay.</summary>
    private static void RefuseUnpartitionedFiles(CommitTransaction commit, LakeTable table)
    {
        var others = commit.Database.Scalar<long>(
            "SELECT count(*) FROM ducklake_data_file WHERE table_id = $table AND end_snapshot IS NULL AND partition_id IS NOT $partition",
            ("table", table.Id), ("partition", table.PartitionByYearOf is null ? -1 : table.PartitionId));
        if (others > 0)
            throw new LakeException(
                $"{table.FullName} has {others} files from before its present partitioning, whose years are unknown. "
                + "Rebuild the table with ReplaceAll once.");
    }
}
