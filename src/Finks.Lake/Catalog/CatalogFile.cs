using Finks.Lake.Storage;

namespace Finks.Lake.Catalog;

/// <summary>Creates the catalog, or checks that an existing one is of this kind.</summary>
internal static class CatalogFile
{
    private const string DuckLakeVersion = "1.0";
    private const string FinksVersion = "1";

    public static void Open(LakeDatabase database, LakeOptions options, LakePaths paths)
    {
        var settings = database.Write(transaction =>
        {
            var tables = transaction.Query("SELECT name FROM sqlite_master WHERE type = 'table'", r => r.GetString(0));
            if (tables.Count == 0)
                Create(transaction, options, paths);
            else if (!tables.Contains("finks_setting"))
                throw new LakeException(
                    $"{paths.CatalogFile} is a database that Finks did not create. Choose another home, or move the file away.");
            return transaction.Query("SELECT name, value FROM finks_setting", r => (r.GetString(0), r.GetString(1)))
                .Append(("ducklake", transaction.Scalar<string>("SELECT value FROM ducklake_metadata WHERE key = 'version' AND scope IS NULL") ?? "unknown"))
                .ToDictionary(s => s.Item1, s => s.Item2);
        });
        Expect(paths, settings, "version", FinksVersion, "Use the version of Finks that created it, or replay Bronze into a new lake.");
        Expect(paths, settings, "ducklake", DuckLakeVersion, "Another DuckLake writer changed the catalog's version; restore a backup or replay Bronze into a new lake.");
        Expect(paths, settings, "environment", options.Environment, "One lake holds one environment: set the right environment or another home.");
    }

    private static void Expect(LakePaths paths, Dictionary<string, string> settings, string name, string expected, string whatToDo)
    {
        var found = settings.GetValueOrDefault(name, "none");
        if (found != expected)
            throw new LakeException($"The catalog {paths.CatalogFile} has the {name} '{found}', expected is '{expected}'. {whatToDo}");
    }

    /// <summary>Snapshot 0, as DuckLake's own writers make it.</summary>
    private static void Create(LedgerTransaction transaction, LakeOptions options, LakePaths paths)
    {
        transaction.Execute(EmbeddedSql.Read("ducklake.sql"));
        transaction.Execute(EmbeddedSql.Read("finks.sql"));
        transaction.Insert("finks_setting", ("name", "version"), ("value", FinksVersion));
        transaction.Insert("finks_setting", ("name", "environment"), ("value", options.Environment));
        foreach (var (key, value) in new[]
        {
            ("version", DuckLakeVersion),
            ("created_by", "Finks"),
            ("data_path", paths.Home.Replace(Path.DirectorySeparatorChar, '/').TrimEnd('/') + "/"),
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
            ("schema_id", 0), ("schema_uuid", options.Ids.Next()), ("begin_snapshot", 0), ("schema_name", "main"), ("path", "main/"),
            ("path_is_relative", true));
    }
}
