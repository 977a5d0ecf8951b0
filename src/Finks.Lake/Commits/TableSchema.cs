using Finks.Lake.Catalog;
using Finks.Lake.Files;

namespace Finks.Lake.Commits;

/// <summary>The rows that describe a table: schema, columns, partitioning, sort order, comments. Old versions get an end, none is
/// removed.</summary>
internal static class TableSchema
{
    private static readonly string[] TablesWithVersions =
        ["table", "column", "data_file", "delete_file", "partition_info", "sort_info", "column_tag"];

    public static (long Id, long? Partition) Create(CommitTransaction commit, TableDefinition table, IReadOnlyList<DefinedColumn> columns)
    {
        var schema = SchemaOf(commit, table);
        var id = commit.NewCatalogId();
        commit.Database.Insert(
            "ducklake_table",
            ("table_id", id), ("table_uuid", commit.Ids.Next()), ("begin_snapshot", commit.Id), ("schema_id", schema),
            ("table_name", table.Name), ("path", table.TablePath), ("path_is_relative", true));
        commit.SchemaChanged(id);
        foreach (var (place, column) in columns.Index())
            ColumnEvolution.Add(commit, id, column, place);
        commit.Changes.CreatedTable(table.Schema, table.Name);
        var partition = Partition(commit, id, columns, table.PartitionByYearOf);
        Sort(commit, id, table.SortBy);
        Comment(commit, id, null, null, table.Comment);
        foreach (var column in columns)
            Comment(commit, id, column.Id, null, column.Column.Comment);
        return (id, partition);
    }

    /// <summary>Gives the table another name; it keeps its id and its folder.</summary>
    public static void Rename(CommitTransaction commit, LakeTable table, string name)
    {
        commit.Database.Execute(
            """
            INSERT INTO ducklake_table (table_id, table_uuid, begin_snapshot, schema_id, table_name, path, path_is_relative)
            SELECT table_id, table_uuid, @snapshot, schema_id, @name, path, path_is_relative FROM ducklake_table
            WHERE table_id = @table AND end_snapshot IS NULL
            """, ("snapshot", commit.Id), ("name", name), ("table", table.Id));
        commit.Database.Execute(
            "UPDATE ducklake_table SET end_snapshot = @snapshot WHERE table_id = @table AND end_snapshot IS NULL AND begin_snapshot < @snapshot",
            ("snapshot", commit.Id), ("table", table.Id));
        commit.SchemaChanged(table.Id);
        commit.Changes.CreatedTable(table.Schema, name);
    }

    /// <summary>Brings the table to the definition; returns the partitioning of new files.</summary>
    public static long? Alter(CommitTransaction commit, LakeTable table, TableDefinition definition, IReadOnlyList<DefinedColumn> columns)
    {
        if (ColumnEvolution.Apply(commit, table, columns))
            Altered(commit, table.Id);

        var partition = table.PartitionId;
        var isForeign = table.PartitionByYearOf is null && table.PartitionId is not null;
        var yearOf = table.Columns.FirstOrDefault(c => c.Name == table.PartitionByYearOf)?.Id;
        if (isForeign || yearOf != YearOf(columns, definition.PartitionByYearOf))
        {
            End(commit, "partition_info", table.Id);
            partition = Partition(commit, table.Id, columns, definition.PartitionByYearOf);
            Altered(commit, table.Id);
        }

        if (!table.SortBy.SequenceEqual(definition.SortBy))
        {
            End(commit, "sort_info", table.Id);
            Sort(commit, table.Id, definition.SortBy);
            commit.SchemaChanged();
            commit.Changes.Altered(table.Id);
        }

        Comment(commit, table.Id, null, table.Comment, definition.Comment);
        foreach (var column in columns)
            Comment(commit, table.Id, column.Id, table.Columns.FirstOrDefault(c => c.Id == column.Id)?.Comment, column.Column.Comment);
        return partition;
    }

    public static void Drop(CommitTransaction commit, LakeTable table)
    {
        foreach (var name in TablesWithVersions)
            End(commit, name, table.Id);
        commit.Database.Execute(
            "UPDATE ducklake_tag SET end_snapshot = @snapshot WHERE object_id = @table AND end_snapshot IS NULL", ("snapshot", commit.Id), ("table", table.Id));
        commit.SchemaChanged();
        commit.Changes.DroppedTable(table.Id);
    }

    private static long SchemaOf(CommitTransaction commit, TableDefinition table)
    {
        // Both the schemas from before this commit and those it made itself.
        var existing = CatalogReader.Schemas(commit.Database, commit.Id)
            .FirstOrDefault(s => s.Name.Equals(table.Schema, StringComparison.OrdinalIgnoreCase));
        if (existing is not null)
        {
            if (existing.Prefix != table.SchemaPath)
                throw new LakeException(
                    $"The schema {table.Schema} lies in '{existing.Prefix}', but {table.FullName} wants it in '{table.SchemaPath}'. "
                    + "A schema has one folder.");
            return existing.Id;
        }

        var id = commit.NewCatalogId();
        var (path, relative) = CatalogPath.OfSchema(commit.Store, table.SchemaPath);
        commit.Database.Insert(
            "ducklake_schema",
            ("schema_id", id), ("schema_uuid", commit.Ids.Next()), ("begin_snapshot", commit.Id), ("schema_name", table.Schema),
            ("path", path), ("path_is_relative", relative));
        commit.SchemaChanged();
        commit.Changes.CreatedSchema(table.Schema);
        return id;
    }

    private static long? Partition(CommitTransaction commit, long table, IReadOnlyList<DefinedColumn> columns, string? yearOf)
    {
        if (yearOf is null)
            return null;
        var id = commit.NewCatalogId();
        commit.Database.Insert("ducklake_partition_info", ("partition_id", id), ("table_id", table), ("begin_snapshot", commit.Id));
        commit.Database.Insert(
            "ducklake_partition_column", ("partition_id", id), ("table_id", table), ("partition_key_index", 0), ("column_id", YearOf(columns, yearOf)), ("transform", "year"));
        return id;
    }

    private static long? YearOf(IReadOnlyList<DefinedColumn> columns, string? name) =>
        name is null ? null : columns.First(c => c.Column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Id;

    private static void Sort(CommitTransaction commit, long table, IReadOnlyList<SortKey> keys)
    {
        if (keys.Count == 0)
            return;
        var id = commit.NewCatalogId();
        commit.Database.Insert("ducklake_sort_info", ("sort_id", id), ("table_id", table), ("begin_snapshot", commit.Id));
        for (var i = 0; i < keys.Count; i++)
        {
            commit.Database.Insert(
                "ducklake_sort_expression",
                ("sort_id", id), ("table_id", table), ("sort_key_index", i), ("expression", SqlText.Name(keys[i].Column)),
                ("dialect", "duckdb"),
                ("sort_direction", keys[i].Descending ? "DESC" : "ASC"), ("null_order", "NULLS_LAST"));
        }
    }

    private static void Comment(CommitTransaction commit, long table, long? column, string? old, string? now)
    {
        if (old == now)
            return;
        var where = column is null
            ? "ducklake_tag SET end_snapshot = @snapshot WHERE object_id = @table"
            : "ducklake_column_tag SET end_snapshot = @snapshot WHERE table_id = @table AND column_id = @column";
        (string, object?)[] target = column is null ? [("table", table)] : [("table", table), ("column", column)];
        commit.Database.Execute($"UPDATE {where} AND key = 'comment' AND end_snapshot IS NULL", [("snapshot", commit.Id), .. target]);
        if (now is not null && column is null)
            commit.Database.Insert("ducklake_tag", ("object_id", table), ("begin_snapshot", commit.Id), ("key", "comment"), ("value", now));
        else if (now is not null)
            commit.Database.Insert(
                "ducklake_column_tag",
                ("table_id", table), ("column_id", column), ("begin_snapshot", commit.Id), ("key", "comment"), ("value", now));
        commit.SchemaChanged();
        commit.Changes.Altered(table);
    }

    private static void Altered(CommitTransaction commit, long table)
    {
        commit.SchemaChanged(table);
        commit.Changes.Altered(table);
    }

    private static void End(CommitTransaction commit, string what, long table, string more = "", params (string, object?)[] parameters) =>
        commit.Database.Execute(
        $"UPDATE ducklake_{what} SET end_snapshot = @snapshot WHERE table_id = @table AND end_snapshot IS NULL{more}",
        [("snapshot", commit.Id), ("table", table), .. parameters]);
}
