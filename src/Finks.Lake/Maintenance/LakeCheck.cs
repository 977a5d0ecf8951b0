using Finks.Lake.Bronze;
using Finks.Lake.Catalog;

namespace Finks.Lake.Maintenance;

/// <summary>
/// Looks whether the lake is what its catalog and registers say: each file there, of its size and hash, with its rows; the catalog's own statements in
/// agreement with one another. Changes nothing.
/// </summary>
public sealed class LakeCheck(DataLake lake, BronzeStore bronze)
{
    /// <summary>Checks everything that any snapshot and the register of Bronze name.</summary>
    /// <param name="deep">Reads every value too and compares it with the statistics, by which readers skip files. Without it the hash vouches for the
    /// values, which is as good for files that Finks wrote.</param>
    public LakeCheckReport Run(bool deep, IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        var (named, problems) = lake.Database.Read(reader => (NamedFile.All(reader), CatalogCheck.Problems(reader)));
        var batches = bronze.All();
        var found = new List<string>(problems);
        var total = (double)(batches.Count + named.Count);
        var done = 0;
        void Look(string key, Func<string?> problem)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report(new MaintenanceProgress(key, done++ / total));
            if (problem() is { } text)
                found.Add(text);
        }

        using var files = new FileCheck(lake, deep);
        foreach (var batch in batches)
            Look(batch.Key, () => files.Problem(batch));
        foreach (var file in named)
            Look(file.Key, () => files.Problem(file));
        return new LakeCheckReport(batches.Count + named.Count, batches.Sum(b => b.FileBytes) + named.Sum(f => f.Bytes), found, Unnamed(named, batches));
    }

    private int Unnamed(IReadOnlyList<NamedFile> named, IReadOnlyList<BronzeBatch> batches)
    {
        var known = named.Select(f => f.Key).Concat(batches.Select(b => b.Key)).ToHashSet(StringComparer.Ordinal);
        return lake.Paths.Zones.SelectMany(zone => lake.Store.List(zone + "/"))
            .Count(f => f.Key.EndsWith(".parquet", StringComparison.Ordinal) && !known.Contains(f.Key));
    }
}
