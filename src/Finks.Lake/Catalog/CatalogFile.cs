using Finks.Lake.Storage;

namespace Finks.Lake.Catalog;

/// <summary>Creates the catalog, or checks that an existing one is of this kind.</summary>
internal static class CatalogFile
{
    private const string DuckLakeVersion = "1.0";
    private const string FinksVersion = "2";

    public static void Open(LakeDatabase database, LakeOptions options, LakePaths paths, ZoneStore store)
    {
        if (!database.Read(reader => reader.HasTable("finks_setting")))
        {
            if (options.MustExist)
                throw Absent(options);
            database.CreateTables(transaction => CreateOnce(transaction, database, options, paths, store));
            ZoneClaim.Make(database, paths, store, options.Ids);
        }

        var settings = database.Read(reader => reader.Query("SELECT name, value FROM finks_setting", r => (r.GetString(0), r.GetString(1)))
            .Append(("ducklake", reader.Scalar<string>("SELECT value FROM ducklake_metadata WHERE key = 'version' AND scope IS NULL") ?? "unknown"))
            .ToDictionary(s => s.Item1, s => s.Item2));
        Expect(options.CatalogOrDefault, settings, "version", FinksVersion, "Use the version of Finks that created it, or replay Bronze into a new lake.");
        Expect(options.CatalogOrDefault, settings, "ducklake", DuckLakeVersion, "Another DuckLake writer changed the catalog's version; restore a backup or replay Bronze into a new lake.");
        Expect(options.CatalogOrDefault, settings, "environment", options.Environment, "One lake holds one environment: set the right environment or another home.");
    }

    public static LakeException Absent(LakeOptions options) =>
        new($"There is no lake with the catalog {options.CatalogOrDefault}. Name the one that is meant by --home, --env, --store and --catalog, or make one with `finks lake init`.");

    private static void Expect(CatalogLocation catalog, Dictionary<string, string> settings, string name, string expected, string whatToDo)
    {
        var found = settings.GetValueOrDefault(name, "none");
        if (found != expected)
            throw new LakeException($"The catalog {catalog} has the {name} '{found}', expected is '{expected}'. {whatToDo}");
    }

    private static void CreateOnce(LedgerTransaction transaction, LakeDatabase database, LakeOptions options, LakePaths paths, ZoneStore store)
    {
        if (transaction.HasTable("finks_setting"))
            return; // another process was faster
        if (transaction.IsOccupied())
            throw new LakeException($"{options.CatalogOrDefault} holds tables that Finks did not create. Choose another place for the catalog of this lake.");
        Create(transaction, database, options, paths, store);
    }

    /// <summary>Snapshot 0, as DuckLake's own writers make it.</summary>
    private static void Create(LedgerTransaction transaction, LakeDatabase database, LakeOptions options, LakePaths paths, ZoneStore store)
    {
        transaction.Execute(database.Ddl(EmbeddedSql.Read("ducklake.sql")));
        transaction.Execute(database.Ddl(EmbeddedSql.Read("finks.sql")));
        transaction.Insert("finks_setting", ("name", "version"), ("value", FinksVersion));
        transaction.Insert("finks_setting", ("name", "environment"), ("value", options.Environment));
        foreach (var (key, value) in new[]
        {
            ("version", DuckLakeVersion),
            ("created_by", "Finks"),
            ("data_path", CatalogPath.DataPath(store, paths)),
            ("encrypted", "false"),
            // Rows inside the catalog would be invisible to readers of files.
            ("data_inlining_row_limit", "0"),
        })
        {
            transaction.Insert("ducklake_metadata", ("key", key), ("value", value));
        }

        transaction.Insert(
            "ducklake_snapshot",
            ("snapshot_id", 0), ("snapshot_time", Microseconds.Floor(options.Clock.GetUtcNow())), ("schema_version", 0),
            ("next_catalog_id", 1), ("next_file_id", 0));
        transaction.Insert("ducklake_snapshot_changes", ("snapshot_id", 0), ("changes_made", "created_schema:\"main\""));
        transaction.Insert(
            "ducklake_schema",
            ("schema_id", 0), ("schema_uuid", options.Ids.Next()), ("begin_snapshot", 0), ("schema_name", "main"), ("path", CatalogPath.MainPath(store, paths)),
            ("path_is_relative", true));
    }
}
