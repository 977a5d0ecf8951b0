using DuckDB.NET.Data;
using Finks.Lake.Files;

namespace Finks.Lake.Catalog;

/// <summary>Compares every data file that any snapshot names with what the catalog says of it.</summary>
internal static class FileCheck
{
    private const string NamedFiles = """
        select s.schema_name || '.' || t.table_name, coalesce(s.path, '') || coalesce(t.path, '') || f.path, f.file_size_bytes, f.record_count
        from ducklake_data_file f
        join ducklake_table t using (table_id)
        join ducklake_schema s using (schema_id)
        where f.path_is_relative <> 0 and t.path_is_relative <> 0 and s.path_is_relative <> 0
          and t.begin_snapshot = (select max(begin_snapshot) from ducklake_table n where n.table_id = t.table_id)
          and s.begin_snapshot = (select max(begin_snapshot) from ducklake_schema n where n.schema_id = s.schema_id)
        order by 1, 2
        """;

    public static LakeCheckReport Run(LakeDatabase database, LakePaths paths)
    {
        var files = database.Read(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = NamedFiles;
            using var reader = command.ExecuteReader();
            var found = new List<NamedFile>();
            while (reader.Read())
                found.Add(new NamedFile(reader.GetString(0), paths.Resolve(reader.GetString(1)), reader.GetInt64(2), reader.GetInt64(3)));
            return found;
        });
        using var duckdb = DuckDb.OpenInMemory();
        return new LakeCheckReport(files.Count, files.Sum(f => f.Bytes), [.. files.Select(f => Problem(duckdb, f)).OfType<string>()]);
    }

    private static string? Problem(DuckDBConnection duckdb, NamedFile file)
    {
        var info = new FileInfo(file.Path);
        if (!info.Exists)
            return $"{file.Table}: {file.Path} is gone; restore it from a backup, or build the table anew from the zone before it";
        if (info.Length != file.Bytes)
            return $"{file.Table}: {file.Path} has {info.Length} bytes, {file.Bytes} were committed; restore it from a backup";
        try
        {
            using var command = duckdb.CreateCommand();
            // Reads every column of every row: a damaged page shows, not only a damaged footer.
            command.CommandText = $"select count(*), sum(hash(r)::hugeint) is null from read_parquet({SqlText.Literal(file.Path)}, hive_partitioning = false) r";
            using var reader = command.ExecuteReader();
            reader.Read();
            var rows = reader.GetInt64(0);
            return rows == file.Rows ? null : $"{file.Table}: {file.Path} holds {rows} rows, {file.Rows} were committed; restore it from a backup";
        }
        catch (DuckDBException error)
        {
            return $"{file.Table}: {file.Path} cannot be read: {error.Message}; restore it from a backup";
        }
    }

    private sealed record NamedFile(string Table, string Path, long Bytes, long Rows);
}
