using DuckDB.NET.Data;
using Finks.Lake.Files;
using Finks.Lake.Storage;
using Finks.Lake.Types;

namespace Finks.Lake;

/// <summary>
/// Stores rows of a DuckDB select among a table's files, as Parquet files under their final, unique names. No reader sees them until
/// <see cref="DataLake.Commit"/> names them. Equal rows give equal bytes, whatever the number of threads. Sets <c>TimeZone</c> of the
/// connection to UTC, on which the text of time statistics depends.
/// </summary>
public sealed class ParquetWriter(ZoneStore store, Func<TableDefinition, LakeTable?>? find = null, Action<string>? reached = null)
{
    /// <summary>One file, or one for each year of a partitioned table; none when the select has no rows.</summary>
    /// <param name="connection">Open, and in no transaction: a partitioned write works through a scratch database of its own.</param>
    /// <param name="selectSql">Yields the table's columns by name, in any order, with exactly their types.</param>
    /// <exception cref="LakeException">The columns differ, or a file has not the rows that were selected.</exception>
    public IReadOnlyList<WrittenFile> Write(DuckDBConnection connection, TableDefinition table, string selectSql, FileNaming naming)
    {
        var columns = ColumnLayout.Of(table, find?.Invoke(table));
        connection.Execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = true");
        CheckSelect(connection, table, columns, selectSql);
        var staging = new Staging(store, LakePaths.PrefixOf(table));
        try
        {
            var files = table.PartitionByYearOf is null
                ? WriteWhole(connection, table, columns, selectSql, naming, staging)
                : WriteYears(connection, table, columns, selectSql, naming, staging);
            CheckFooters(connection, staging, files);
            reached?.Invoke(KillPoint.FileStaged);
            store.Store([.. files.Select(staging.Staged)]);
            reached?.Invoke(KillPoint.FilesStored);
            return files;
        }
        catch
        {
            staging.Discard();
            throw;
        }
    }

    private static WrittenFile[] WriteWhole(
        DuckDBConnection connection, TableDefinition table, IReadOnlyList<DefinedColumn> columns, string selectSql,
        FileNaming naming, Staging staging)
    {
        var name = naming.Next();
        // A sort hands out full row groups; a scan side by side would cut them at other rows with another number of threads.
        var numbered = $"SELECT *, row_number() OVER () AS \"running number\" FROM ({selectSql}) AS source";
        var order = table.SortBy.Count > 0 ? Order(table, columns) : " ORDER BY \"running number\"";
        var select = $"SELECT {Names(columns)} FROM ({(table.SortBy.Count > 0 ? selectSql : numbered)}) AS rows{order}";
        var file = CopyFile(connection, select, staging, name, null, columns);
        if (file.Rows > 0)
            return [file];
        staging.Discard();
        return [];
    }

    private static WrittenFile[] WriteYears(
        DuckDBConnection connection, TableDefinition table, IReadOnlyList<DefinedColumn> columns, string selectSql,
        FileNaming naming, Staging staging)
    {
        var source = $"SELECT {Names(columns)} FROM ({selectSql}) AS source";
        using var scratch = YearScratch.Fill(connection, table, columns, source, Order(table, columns), naming.Ids);
        var parts = scratch.Years.Select(year => (Year: year, Name: $"year={year.Value ?? "__HIVE_DEFAULT_PARTITION__"}/{naming.Next()}"))
            .ToArray();
        var files = new WrittenFile[parts.Length];
        scratch.ForEach(parts.Length, (worker, i) =>
        {
            var (year, name) = parts[i];
            files[i] = CopyFile(worker, scratch.Select(year, Names(columns)), staging, name, year.Value, columns);
            if (files[i].Rows != year.Rows)
                throw new LakeException(
                    $"{name} of {table.FullName} got {files[i].Rows} of {year.Rows} rows, so the write was given up. Run it again.");
        });
        return files;
    }

    private static WrittenFile CopyFile(
        DuckDBConnection connection, string select, Staging staging, string name, string? partition, IReadOnlyList<DefinedColumn> columns)
    {
        var path = staging.PathOf(name);
        var copied = CopyResult.Copy(connection, select, path, columns);
        return new WrittenFile
        {
            Path = name,
            Rows = copied.Rows,
            Bytes = copied.Bytes,
            Sha256 = LocalFile.Sha256(path),
            FooterBytes = copied.FooterBytes,
            PartitionValue = partition,
            Columns = copied.Columns(columns, path),
        };
    }

    private static string Names(IReadOnlyList<DefinedColumn> columns) =>
        string.Join(", ", columns.Select(c => SqlText.Name(c.Column.Name)));

    /// <summary>The sort keys, then all other columns: with a total order equal rows give equal bytes however they arrive.</summary>
    private static string Order(TableDefinition table, IReadOnlyList<DefinedColumn> columns)
    {
        if (table.SortBy.Count == 0)
            return "";
        var keys = table.SortBy.Select(k => $"{SqlText.Name(k.Column)} {(k.Descending ? "DESC" : "ASC")} NULLS LAST");
        var others = columns.Select(c => c.Column.Name).Except(table.SortBy.Select(k => k.Column), StringComparer.OrdinalIgnoreCase);
        return " ORDER BY " + string.Join(", ", keys.Concat(others.Select(name => SqlText.Name(name) + " ASC NULLS LAST")));
    }

    private static void CheckSelect(
        DuckDBConnection connection, TableDefinition table, IReadOnlyList<DefinedColumn> columns, string selectSql)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        using (var command = connection.CreateCommand())
        {
            command.CommandText = $"DESCRIBE {selectSql}";
            using var reader = command.ExecuteReader();
            while (reader.Read())
                found[reader.GetString(0)] = reader.GetString(1);
        }

        var expected = columns.ToDictionary(c => c.Column.Name, c => c.Type, StringComparer.OrdinalIgnoreCase);
        var missing = expected.Keys.Except(found.Keys, StringComparer.OrdinalIgnoreCase).ToList();
        var surplus = found.Keys.Except(expected.Keys, StringComparer.OrdinalIgnoreCase).ToList();
        if (missing.Count + surplus.Count > 0)
            throw new LakeException(
                $"The select for {table.FullName} lacks [{string.Join(", ", missing)}] and has [{string.Join(", ", surplus)}] too much. "
                + "Name the table's columns.");
        foreach (var (name, type) in found)
        {
            if (LakeType.Parse(type, $"{table.FullName}.{name}") is var actual && actual.DuckDb != expected[name].DuckDb)
                throw new LakeException(
                    $"The select for {table.FullName} gives {name} as {actual.DuckDb}, the table has {expected[name].DuckDb}. "
                    + "Cast it in the select.");
        }
    }

    /// <summary>Reads back what a reader would rely on.</summary>
    private static void CheckFooters(DuckDBConnection connection, Staging staging, IReadOnlyList<WrittenFile> files)
    {
        if (files.Count == 0)
            return;
        var rows = new Dictionary<string, long>();
        using var command = connection.CreateCommand();
        var list = string.Join(", ", files.Select(f => SqlText.Literal(staging.PathOf(f.Path))));
        command.CommandText = $"SELECT file_name, num_rows FROM parquet_file_metadata([{list}])";
        using var reader = command.ExecuteReader();
        while (reader.Read())
            rows[reader.GetString(0)] = reader.GetInt64(1);
        foreach (var file in files)
        {
            var path = staging.PathOf(file.Path);
            if (!rows.TryGetValue(path, out var count) || count != file.Rows || new FileInfo(path).Length != file.Bytes)
                throw new LakeException(
                    $"{path} reads back with {count} rows and {new FileInfo(path).Length} bytes, {file.Rows} and {file.Bytes} were written. "
                    + "Check the disk and run it again.");
        }
    }
}
