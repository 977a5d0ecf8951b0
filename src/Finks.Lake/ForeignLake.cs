using Finks.Lake.Catalog;
using Finks.Lake.Storage;

namespace Finks.Lake;

/// <summary>
/// A DuckLake that another program made and goes on writing; read only. Its catalog needs no tables of Finks's and is not changed. Safe for use by
/// several threads.
/// </summary>
public sealed class ForeignLake : IDisposable
{
    private readonly LakeDatabase _database;
    private readonly ZoneStore _store;

    private ForeignLake(LakeDatabase database, ZoneStore store) => (_database, _store) = (database, store);

    /// <summary>Opens a lake with its files in folders of this machine.</summary>
    /// <param name="dataPath">The absolute path of its files; null for the one that the catalog says, which beside a SQLite catalog may be relative to the
    /// catalog's folder.</param>
    /// <exception cref="LakeException">There is no catalog of DuckLake 1.0, or its files are not in folders.</exception>
    public static ForeignLake OpenReadOnly(CatalogLocation catalog, string? dataPath = null)
    {
        if (catalog is CatalogLocation.Sqlite { File: var file } && !File.Exists(file))
            throw new LakeException($"There is no catalog {catalog}. Give the path of the SQLite file.");
        var database = new LakeDatabase(catalog, isReadOnly: true);
        var (version, stored) = database.Read(reader => !reader.HasTable("ducklake_metadata") ? (null, null) : (Setting(reader, "version"), Setting(reader, "data_path")));
        if (version != "1.0")
            throw new LakeException($"{catalog} is {(version is null ? "no DuckLake catalog" : $"a DuckLake catalog of version {version}")}; Finks reads version 1.0.");
        var path = dataPath ?? stored ?? "";
        if (!Path.IsPathFullyQualified(path) && catalog is CatalogLocation.Sqlite { File: var beside } && !path.Contains("://", StringComparison.Ordinal))
            path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(beside))!, path);
        if (!Directory.Exists(path))
            throw new LakeException($"The files of {catalog} should be in {path}, which is no folder here. Give the folder where they are.");
        return new ForeignLake(database, new LocalStore(path));
    }

    public Snapshot CurrentSnapshot() => _database.Read(SnapshotReader.Newest);

    /// <summary>Oldest first; expired ones are not among them.</summary>
    public IReadOnlyList<Snapshot> Snapshots() => _database.Read(SnapshotReader.All);

    public IReadOnlyList<LakeTable> Tables(Snapshot at) => _database.Read(reader => CatalogReader.Tables(reader, at.Id));

    public LakeTable? FindTable(string schema, string table, Snapshot at) =>
        _database.Read(reader => CatalogReader.FindTable(reader, at.Id, new TableName(schema, table)));

    /// <summary>A DuckDB select of all columns, in the table's order, of the rows that the snapshot has.</summary>
    /// <param name="withRowIds">The first column is then <c>rowid</c>, by which DuckLake knows a row again after an update.</param>
    /// <exception cref="LakeException">The table has something that Finks does not read: encryption, a variant or geometry column, a renamed field of a
    /// struct.</exception>
    public string ReadSql(LakeTable table, Snapshot at, bool withRowIds = false) =>
        TableSelect.Write(table, _database.Read(reader => ContentsReader.Read(reader, table, at.Id)), at.Id, _store, withRowIds);

    /// <summary>Lets go of the catalog.</summary>
    public void Dispose()
    {
        _store.Dispose();
        _database.Release();
    }

    private static string? Setting(LedgerReader reader, string key) =>
        reader.Scalar<string>("SELECT value FROM ducklake_metadata WHERE key = @key AND scope IS NULL", ("key", key));
}
