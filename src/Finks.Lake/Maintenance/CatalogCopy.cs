using System.Globalization;
using Finks.Lake.Catalog;
using Finks.Lake.Storage;
using Microsoft.Data.Sqlite;

namespace Finks.Lake.Maintenance;

/// <summary>A catalog with all of Finks's ledgers as one SQLite file, whatever database it came from or goes to.</summary>
internal sealed class CatalogCopy : IDisposable
{
    private const string FileTable = "finks_backup_file";

    private readonly SqliteConnection _connection;

    private CatalogCopy(string file, SqliteOpenMode mode)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, ForeignKeys = false }.ToString());
        _connection.Open();
    }

    /// <summary>Copies one consistent state into a new file.</summary>
    public static CatalogCopy Write(LedgerReader source, string file)
    {
        var copy = new CatalogCopy(file, SqliteOpenMode.ReadWriteCreate);
        // Nobody reads the file before it is whole, and it is flushed when it is stored.
        copy.Execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
        using var transaction = copy._connection.BeginTransaction();
        copy.Execute(new SqliteDialect(file).Ddl(EmbeddedSql.Read("ducklake.sql")));
        copy.Execute(new SqliteDialect(file).Ddl(EmbeddedSql.Read("finks.sql")));
        var made = copy.Tables();
        foreach (var table in source.TableNames())
        {
            var columns = source.Columns(table);
            if (!made.Contains(table))
                copy.Execute($"CREATE TABLE {Quoted(table)} ({string.Join(", ", columns.Select(c => $"{Quoted(c.Name)} {SqliteType(c.Type)}"))})");
            copy.Insert(table, [.. columns.Select(c => c.Name)], source.Stream($"SELECT * FROM {table}", row =>
            {
                var values = new object[columns.Count];
                row.GetValues(values);
                return values;
            }));
        }

        copy.Execute($"CREATE TABLE {FileTable} (file_key TEXT PRIMARY KEY, bytes BIGINT NOT NULL, sha256 TEXT NOT NULL)");
        transaction.Commit();
        return copy;
    }

    public static CatalogCopy Open(string file) => new(file, SqliteOpenMode.ReadOnly);

    /// <summary>Adds the list of the files that belong to the catalog.</summary>
    public void Insert(IEnumerable<BackupFile> files)
    {
        using var transaction = _connection.BeginTransaction();
        Insert(FileTable, ["file_key", "bytes", "sha256"], files.Select(f => new object[] { f.Key, f.Bytes, f.Sha256 }));
        transaction.Commit();
    }

    public IReadOnlyList<BackupFile> Files() =>
        [.. Rows($"SELECT file_key, bytes, sha256 FROM {FileTable} ORDER BY file_key").Select(r => new BackupFile((string)r[0], (long)r[1], (string)r[2]))];

    /// <summary>What leads the keys of relative paths, below the data path.</summary>
    public string Root() => CatalogPath.Root((string)Rows("SELECT value FROM ducklake_metadata WHERE key = 'data_path' AND scope IS NULL").Single()[0]);

    /// <summary>All tables but the list of files.</summary>
    public HashSet<string> Tables() => Rows("SELECT name FROM sqlite_master WHERE type = 'table'").Select(r => (string)r[0]).Where(t => t != FileTable).ToHashSet(StringComparer.Ordinal);

    public long Count(string table) => (long)Rows($"SELECT count(*) FROM {Quoted(table)}").Single()[0];

    /// <summary>Puts all rows in the place of those that the target's tables have.</summary>
    /// <param name="leftOut">Tables that stay as the target has them.</param>
    /// <param name="change">May change the values of a row on its way, given the table and the values by column; false leaves the row out.</param>
    public void Load(LedgerTransaction target, IReadOnlyCollection<string> leftOut, Func<string, Dictionary<string, object?>, bool> change)
    {
        var mine = Tables().Except(leftOut).ToHashSet(StringComparer.Ordinal);
        var tables = target.TableNames().Where(mine.Contains).ToList();
        foreach (var table in tables.AsEnumerable().Reverse())
            target.Execute($"DELETE FROM {table}");
        foreach (var table in tables)
        {
            var types = target.Columns(table).ToDictionary(c => c.Name, c => c.Type, StringComparer.OrdinalIgnoreCase);
            var names = Columns(table);
            if (names.FirstOrDefault(n => !types.ContainsKey(n)) is { } unknown)
                throw new LakeException($"The backup's table {table} has a column {unknown}, which this Finks does not know. Restore it with the Finks that made it.");
            foreach (var values in Rows($"SELECT * FROM {Quoted(table)}"))
            {
                var row = names.Zip(values).ToDictionary(v => v.First, v => v.Second is DBNull ? null : v.Second);
                if (change(table, row))
                    target.Insert(table, [.. row.Select(v => (v.Key, Typed(v.Value, types[v.Key])))]);
            }
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>SQLite has times and UUIDs as text and booleans as numbers; PostgreSQL wants them as what they are.</summary>
    private static object? Typed(object? value, string type) => (value, type) switch
    {
        (string text, _) when type.StartsWith("timestamp", StringComparison.Ordinal) => SqliteDialect.Time(text),
        (string text, "uuid") => Guid.Parse(text, CultureInfo.InvariantCulture),
        (long number, "boolean") => number != 0,
        _ => value,
    };

    private static string SqliteType(string type) => type switch
    {
        "bigint" or "integer" or "boolean" => "BIGINT",
        "double precision" or "real" => "DOUBLE PRECISION",
        _ => "TEXT",
    };

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private IReadOnlyList<string> Columns(string table)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT * FROM {Quoted(table)} WHERE 1 = 0";
        using var reader = command.ExecuteReader();
        return [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
    }

    private void Insert(string table, IReadOnlyList<string> columns, IEnumerable<object[]> rows)
    {
        var dialect = new SqliteDialect("");
        using var command = _connection.CreateCommand();
        command.CommandText = $"INSERT INTO {Quoted(table)} ({string.Join(", ", columns.Select(Quoted))}) VALUES ({string.Join(", ", columns.Select((_, i) => $"@v{i}"))})";
        var parameters = columns.Select((_, i) => command.Parameters.Add(new SqliteParameter { ParameterName = $"@v{i}" })).ToList();
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                parameters[i].Value = dialect.Value(row[i] is DateTime time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : row[i]);
            command.ExecuteNonQuery();
        }
    }

    private IEnumerable<object[]> Rows(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            yield return values;
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
