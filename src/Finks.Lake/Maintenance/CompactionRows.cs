using DuckDB.NET.Data;
using Finks.Lake.Catalog;
using Finks.Lake.Files;
using Finks.Lake.Storage;
using Finks.Lake.Types;

namespace Finks.Lake.Maintenance;

/// <summary>The rows of a merge: read from the sources without what was deleted, sorted, written, and read back for comparison.</summary>
internal sealed class CompactionRows(DuckDBConnection connection, LakeTable table, ZoneStore store)
{
    /// <summary>The column in which a file carries the ids of its rows when they do not follow one another: DuckLake knows it by its field id.</summary>
    private const string RowId = "_ducklake_internal_row_id";
    private const long RowIdField = 2147483540;

    /// <summary>A file may come out this many times as large as the target before it is cut.</summary>
    private const double Tolerance = 1.5;

    private readonly IReadOnlyList<DefinedColumn> _columns =
    [
        .. table.Columns.Select(c => new DefinedColumn(
            new TableColumn(c.Name, c.DuckDbType, c.NullsAllowed), LakeType.Parse(c.DuckDbType, $"{table.FullName}.{c.Name}"), c.Id, c.ElementId)),
    ];

    private string Names => string.Join(", ", _columns.Select(c => SqlText.Name(c.Column.Name)).Append(RowId));

    /// <summary>Fills the table <c>compacting</c>, in order.</summary>
    /// <returns>What the sources hold, reckoned from them and not from the table.</returns>
    public Contents Read(CompactionGroup group)
    {
        var paths = store.Fetch([.. group.Sources.Select(s => new StoredFile(s.Key, s.Bytes, s.Sha256))]);
        var deletes = group.Sources.Where(s => s.Delete is not null).ToList();
        var deletePaths = store.Fetch([.. deletes.Select(s => new StoredFile(s.Delete!.Key, s.Delete.Bytes))]);
        connection.Execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = true");
        connection.Execute("CREATE OR REPLACE TEMP TABLE source (filename VARCHAR, row_id_start BIGINT); CREATE OR REPLACE TEMP TABLE deleted (filename VARCHAR, pos BIGINT)");
        var pathOf = group.Sources.Zip(paths).ToDictionary(s => s.First.Id, s => s.Second);
        using (var appender = connection.CreateAppender("temp", "main", "source"))
        {
            foreach (var source in group.Sources)
                appender.CreateRow().AppendValue(pathOf[source.Id]).AppendValue(source.RowIdStart).EndRow();
        }

        foreach (var (source, path) in deletes.Zip(deletePaths))
            connection.Execute($"INSERT INTO deleted SELECT {SqlText.Literal(pathOf[source.Id])}, pos FROM read_parquet({SqlText.Literal(path)})");

        var select = $"""
            SELECT {string.Join(", ", _columns.Select(c => SqlText.Name(c.Column.Name)))}, coalesce({RowId}, row_id_start + file_row_number) AS {RowId}
            FROM {Scan(paths, ", file_row_number = true, filename = true")} AS scan JOIN source USING (filename)
            WHERE NOT EXISTS (SELECT 1 FROM deleted d WHERE d.filename = scan.filename AND d.pos = scan.file_row_number)
            """;
        var contents = Reckon(select);
        connection.Execute($"CREATE OR REPLACE TEMP TABLE compacting AS {select} ORDER BY {Order()}");
        return contents;
    }

    /// <summary>Writes what <see cref="Read"/> left into files of about the target size.</summary>
    public IReadOnlyList<WrittenFile> Write(CompactionGroup group, long rows, long targetBytes, Staging staging, IdSource ids)
    {
        if (rows == 0)
            return [];
        var first = group.Sources[0];
        var entity = string.Concat(table.Name.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
        WrittenFile Copy(long from, long to)
        {
            var name = first.Folder + new FileNaming(entity.Length == 0 ? "compacted" : entity, ids).Next();
            var path = staging.PathOf(name);
            // Sorted by what it is sorted by already: otherwise DuckDB cuts the row groups at other rows with another number of threads.
            var select = $"SELECT {Names} FROM compacting WHERE rowid >= {from} AND rowid < {to} ORDER BY rowid";
            var rowId = new DefinedColumn(new TableColumn(RowId, "BIGINT"), LakeType.Parse("BIGINT", RowId), RowIdField, null);
            var copied = CopyResult.Copy(connection, select, path, _columns.Append(rowId));
            return new WrittenFile
            {
                Path = name,
                Rows = copied.Rows,
                Bytes = copied.Bytes,
                Sha256 = LocalFile.Sha256(path),
                FooterBytes = copied.FooterBytes,
                PartitionValue = first.PartitionValues.Select(v => v.Value).FirstOrDefault(),
                Columns = copied.Columns(_columns, path),
            };
        }

        var whole = Copy(0, rows);
        if (whole.Bytes <= targetBytes * Tolerance)
            return [whole];
        staging.Discard(whole);
        var parts = Math.Min(rows, (whole.Bytes + targetBytes - 1) / targetBytes);
        return [.. LongRange(parts).Select(i => Copy(rows * i / parts, rows * (i + 1) / parts))];
    }

    /// <summary>What the written files hold, as a reader would find it.</summary>
    public Contents ReadBack(IEnumerable<WrittenFile> files, Staging staging) =>
        files.Select(f => staging.PathOf(f.Path)).ToList() is { Count: > 0 } paths ? Reckon($"SELECT {Names} FROM {Scan(paths, "")}") : new Contents(0, "0", 0);

    private static IEnumerable<long> LongRange(long count)
    {
        for (var i = 0L; i < count; i++)
            yield return i;
    }

    private string Scan(IEnumerable<string> paths, string more)
    {
        // By field id, as every reader does, so that files from before a column was added or renamed are read rightly.
        var schema = string.Join(", ", table.Columns.Select(TableSelect.Field)
            .Append($"{RowIdField}: {{name: {SqlText.Literal(RowId)}, type: 'BIGINT', default_value: NULL}}"));
        return $"read_parquet([{string.Join(", ", paths.Select(SqlText.Literal))}], schema = MAP {{{schema}}}, hive_partitioning = false{more})";
    }

    /// <summary>The table's order, then all other columns, the row id last: equal rows give equal bytes however they arrive.</summary>
    private string Order()
    {
        var keys = table.SortBy.Where(k => _columns.Any(c => c.Column.Name.Equals(k.Column, StringComparison.OrdinalIgnoreCase))).ToList();
        var others = _columns.Select(c => c.Column.Name).Except(keys.Select(k => k.Column), StringComparer.OrdinalIgnoreCase).Append(RowId);
        return string.Join(", ", keys.Select(k => $"{SqlText.Name(k.Column)} {(k.Descending ? "DESC" : "ASC")} NULLS LAST")
            .Concat(others.Select(name => $"{SqlText.Name(name)} ASC NULLS LAST")));
    }

    private Contents Reckon(string select)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*), coalesce(sum(hash({Names})), 0)::VARCHAR, count({RowId}) FROM ({select})";
        using var reader = command.ExecuteReader();
        reader.Read();
        return new Contents(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2));
    }
}

/// <param name="Hash">Of all values of all rows and their ids; it does not depend on the order of rows.</param>
/// <param name="RowIds">Rows whose id is known.</param>
internal sealed record Contents(long Rows, string Hash, long RowIds);
