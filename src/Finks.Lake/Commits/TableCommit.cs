using Finks.Lake.Catalog;

namespace Finks.Lake.Commits;

/// <summary>Brings one table to what a write says: its definition, then its files.</summary>
internal static class TableCommit
{
    public static void Apply(CommitTransaction commit, TableWrite write)
    {
        var definition = write.Table;
        // As this commit has left it so far.
        var table = CatalogReader.FindTable(commit.Database, commit.Id, definition.TableName);
        if (table is null && definition.RenamedFrom is { } name
            && CatalogReader.FindTable(commit.Database, commit.Id, new TableName(definition.Schema, name)) is { } former)
        {
            TableSchema.Rename(commit, former, definition.Name);
            table = former with { Name = definition.Name };
        }

        if (table is not null && table.Prefix != LakePaths.PrefixOf(definition))
        {
            EvolutionCheck.RefuseOtherFolder(table, write);
            TableSchema.Drop(commit, table);
            table = null;
        }

        var columns = ColumnLayout.Of(definition, table);
        EvolutionCheck.Verify(table, write, columns);
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

    private static void EndFiles(CommitTransaction commit, LakeTable table, TableWrite write)
    {
        if (write.Mode == WriteMode.Append)
            return;
        RefuseRowsInCatalog(commit, table);
        const string end = "UPDATE ducklake_data_file SET end_snapshot = @snapshot WHERE table_id = @table AND end_snapshot IS NULL";
        var ended = 0;
        if (write.Mode == WriteMode.ReplaceAll)
        {
            ended = commit.Database.Execute(end, ("snapshot", commit.Id), ("table", table.Id));
        }
        else
        {
            RefuseUnpartitionedFiles(commit, table);
            foreach (var value in write.ReplacedPartitions)
            {
                ended += commit.Database.Execute(
                    end + " AND data_file_id IN (SELECT data_file_id FROM ducklake_file_partition_value WHERE table_id = @table AND partition_value IS NOT DISTINCT FROM @value)",
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
            "SELECT count(*) FROM ducklake_data_file WHERE table_id = @table AND end_snapshot IS NULL AND partition_id IS DISTINCT FROM @partition",
            ("table", table.Id), ("partition", table.PartitionByYearOf is null ? -1 : table.PartitionId));
        if (others > 0)
            throw new LakeException(
                $"{table.FullName} has {others} files from before its present partitioning, whose years are unknown. "
                + "Rebuild the table with ReplaceAll once.");
    }

    /// <summary>Another writer can be told to keep few rows in the catalog, where ending files does not reach them.</summary>
    private static void RefuseRowsInCatalog(CommitTransaction commit, LakeTable table)
    {
        var tables = commit.Database.Query("SELECT table_name FROM ducklake_inlined_data_tables WHERE table_id = @table", r => r.GetString(0), ("table", table.Id));
        if (tables.Any(t => commit.Database.Scalar<long>($"SELECT count(*) FROM {t} WHERE end_snapshot IS NULL") > 0))
            throw new LakeException(
                $"{table.FullName} has rows inside the catalog, which another writer put there, so its rows cannot be replaced. "
                + "Make files of them with ducklake_flush_inlined_data, then run this again.");
    }
}
