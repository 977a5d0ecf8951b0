using Finks.Lake.Files;
using Finks.Lake.Storage;
using Finks.Lake.Types;

namespace Finks.Lake.Catalog;

/// <summary>The select that reads a table as one snapshot has it.</summary>
internal static class TableSelect
{
    /// <summary>In merged files each row carries its id and the snapshot that it came with, under field ids that DuckLake reserves.</summary>
    private const string Hidden =
        "2147483540: {name: '_ducklake_internal_row_id', type: 'BIGINT', default_value: NULL}, "
        + "2147483539: {name: '_ducklake_internal_snapshot_id', type: 'BIGINT', default_value: NULL}";

    /// <param name="withRowIds">The first column is then <c>rowid</c>.</param>
    public static string Write(LakeTable table, TableContents contents, long at, ZoneStore store, bool withRowIds = false)
    {
        foreach (var column in table.Columns.Where(c => !ColumnType.IsKnown(c.DuckDbType)))
            throw new LakeException($"{table.FullName}.{column.Name} is {column.DuckDbType}, which Finks does not read. Read it with DuckDB's ducklake extension.");
        var paths = Fetch(contents, store);
        var names = string.Join(", ", table.Columns.Select(c => SqlText.Name(c.Name)));
        var selects = new List<string>();
        if (contents.Files.Where(f => f.IsPlain && !withRowIds).Select(f => paths[f.Key]).ToList() is { Count: > 0 } plain)
            selects.Add($"SELECT {names} FROM {Scan(table, plain)}");
        selects.AddRange(contents.Files.Where(f => !f.IsPlain || withRowIds).Select(f => Select(table, contents, f, paths, at, withRowIds)));
        selects.AddRange(contents.Inlined.Select(rows => Select(table, rows, withRowIds)));
        if (selects.Count > 0)
            return string.Join(" UNION ALL ", selects);
        var nothing = table.Columns.Select(c => $"NULL::{c.DuckDbType} AS {SqlText.Name(c.Name)}");
        return $"SELECT {(withRowIds ? "NULL::BIGINT AS rowid, " : "")}{string.Join(", ", nothing)} WHERE false";
    }

    /// <summary>How <c>read_parquet</c> is told of a column, which it finds by the field id; files from before it have its first default.</summary>
    public static string Field(LakeColumn column) =>
        $"{column.Id}: {{name: {SqlText.Literal(column.Name)}, type: {SqlText.Literal(column.DuckDbType)}, "
        + $"default_value: {(column.InitialDefault is { } value ? SqlText.Literal(value) : "NULL")}}}";

    private static string Scan(LakeTable table, IEnumerable<string> paths, string hidden = "", string more = "") =>
        $"read_parquet([{string.Join(", ", paths.Select(SqlText.Literal))}], "
        + $"schema = MAP {{{string.Join(", ", table.Columns.Select(Field))}{hidden}}}, hive_partitioning = false{more})";

    /// <summary>One file, without what later snapshots added and earlier ones deleted.</summary>
    private static string Select(LakeTable table, TableContents contents, ScanFile file, Dictionary<string, string> paths, long at, bool withRowIds)
    {
        var map = file.Map is { } id ? contents.Maps[id].ToDictionary(m => m.Field) : null;
        var isPartitioned = map is not null && map.Values.Any(m => m.IsPartition);
        var source = map is null
            ? Scan(table, [paths[file.Key]], ", " + Hidden, ", file_row_number = true")
            : $"read_parquet({SqlText.Literal(paths[file.Key])}, hive_partitioning = {isPartitioned}, file_row_number = true)";
        var values = table.Columns.Select(c => map is null ? SqlText.Name(c.Name) : $"{Mapped(c, map)} AS {SqlText.Name(c.Name)}");
        var position = $"{(file.RowIdStart is { } start ? $"{start} + file_row_number" : "NULL::BIGINT")}";
        var rowId = !withRowIds ? "" : map is null ? $"coalesce(_ducklake_internal_row_id, {position}) AS rowid, " : $"{position} AS rowid, ";
        List<string> conditions = [];
        if (file.HasLaterRows)
            conditions.Add($"_ducklake_internal_snapshot_id <= {at}");
        if (file.Delete is { } delete)
            conditions.Add($"file_row_number NOT IN (SELECT pos FROM read_parquet({SqlText.Literal(paths[delete.Key])}){(delete.HasLaterRows ? $" WHERE _ducklake_internal_snapshot_id <= {at}" : "")})");
        if (file.Deleted.Count > 0)
            conditions.Add($"file_row_number NOT IN ({string.Join(", ", file.Deleted)})");
        return $"SELECT {rowId}{string.Join(", ", values)} FROM {source}{(conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions))}";
    }

    private static string Mapped(LakeColumn column, Dictionary<long, (long Field, string Source, bool IsPartition)> map) =>
        map.TryGetValue(column.Id, out var source) ? $"CAST({SqlText.Name(source.Source)} AS {column.DuckDbType})" : Constant(column, column.InitialDefault);

    private static string Select(LakeTable table, InlinedRows inlined, bool withRowIds)
    {
        var place = inlined.Fields.Index().ToDictionary(f => f.Item, f => f.Index);
        var rows = inlined.Rows.Select(row => "SELECT " + (withRowIds ? $"{row.RowId}::BIGINT AS rowid, " : "") + string.Join(", ", table.Columns.Select(c =>
            $"{Constant(c, place.TryGetValue(c.Id, out var at) ? row.Values[at] : c.InitialDefault)} AS {SqlText.Name(c.Name)}")));
        return string.Join(" UNION ALL ", rows);
    }

    private static string Constant(LakeColumn column, string? text) => $"CAST({(text is null ? "NULL" : SqlText.Literal(text))} AS {column.DuckDbType})";

    /// <summary>The paths at which the files can be read here, by key.</summary>
    private static Dictionary<string, string> Fetch(TableContents contents, ZoneStore store)
    {
        var wanted = contents.Files.Select(f => new StoredFile(f.Key, f.Bytes))
            .Concat(contents.Files.Select(f => f.Delete).OfType<ScanDelete>().Select(d => new StoredFile(d.Key, null))).ToList();
        return wanted.Zip(store.Fetch(wanted)).ToDictionary(f => f.First.Key, f => f.Second);
    }
}
