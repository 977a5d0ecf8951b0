using System.Security.Cryptography;
using System.Text;
using Finks.Lake;

namespace Finks.Pipelines.Publishing;

/// <summary>
/// The manifests of one table: for each partition a text that lists the full paths of its data files, one per line, as Hive's
/// <c>SymlinkTextInputFormat</c> reads them. Engines without a DuckLake reader (Athena, Presto, Spark) see one snapshot of the table by them.
/// </summary>
internal sealed record TableManifests(string Table, string Prefix, IReadOnlyDictionary<string, string> TextByKey)
{
    /// <summary>Hive's name of the partition of rows without a date.</summary>
    private const string NoDate = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>Says whether anything in them has changed: 64 hexadecimal digits.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\0', TextByKey.OrderBy(m => m.Key, StringComparer.Ordinal).SelectMany(m => new[] { m.Key, m.Value })))));

    /// <summary>The name of the partition column, which must not be that of a column of the table.</summary>
    public static string PartitionColumn(LakeTable table) =>
        table.Columns.Any(c => c.Name.Equals("year", StringComparison.OrdinalIgnoreCase)) ? "partition_year" : "year";

    /// <summary>Where a table's manifests are, with a slash at its end.</summary>
    public static string PrefixOf(DataLake lake, string table) => $"{lake.Paths.GoldPath}_manifests/{table}/";

    /// <exception cref="LakeException">The table holds what a list of files cannot say.</exception>
    public static TableManifests Of(DataLake lake, LakeTable table, Snapshot at)
    {
        if (lake.DeleteFiles(table, at) is { Count: > 0 } deletes)
            throw new LakeException(
                $"{table.Schema}.{table.Name} has deleted rows that another writer marked in {deletes.Count} files of their own, and readers of a manifest would see these rows again, "
                + "so its manifests stay as they are. Let that writer rewrite the table (`CALL ducklake_rewrite_data_files`), or run `finks transform`, then `finks publish`.");
        var prefix = PrefixOf(lake, table.Name);
        // A table without rows has an empty manifest, so that engines find the table.
        var texts = lake.Files(table, at).GroupBy(f => KeyOf(table, prefix, f.PartitionValue), f => Address(lake, f.Key) + "\n")
            .ToDictionary(g => g.Key, g => string.Concat(g.Order(StringComparer.Ordinal)));
        if (table.PartitionByYearOf is null && texts.Count == 0)
            texts.Add(KeyOf(table, prefix, null), "");
        return new TableManifests(table.Name, prefix, texts);
    }

    /// <summary>A key as an engine elsewhere opens it: <c>s3://bucket/key</c>, or <c>file:///path</c>.</summary>
    public static string Address(DataLake lake, string key)
    {
        var full = Path.IsPathFullyQualified(key) || key.Contains("://", StringComparison.Ordinal) ? key : lake.Store.DataPath + key;
        return full.Contains("://", StringComparison.Ordinal) ? full : "file://" + full;
    }

    private static string KeyOf(LakeTable table, string prefix, string? partition) =>
        table.PartitionByYearOf is null ? prefix + "manifest" : $"{prefix}{PartitionColumn(table)}={partition ?? NoDate}/manifest";
}
