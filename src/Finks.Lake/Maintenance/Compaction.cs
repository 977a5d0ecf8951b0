using System.Security.Cryptography;
using System.Text;
using Finks.Lake.Catalog;
using Finks.Lake.Files;

namespace Finks.Lake.Maintenance;

/// <summary>
/// Merges small files of tables into sorted ones, partition by partition. Rows, their ids and all snapshots stay what they are; only a new snapshot
/// finds the rows in other files. Concurrent appends go on undisturbed.
/// </summary>
public sealed class Compaction(DataLake lake)
{
    /// <summary>A partition of four million price rows is sorted within it; larger ones spill.</summary>
    private const int MemoryMb = 1024;

    /// <summary>Compacts the tables one after the other, each in a commit of its own.</summary>
    /// <returns>The tables that had something to merge, or cannot be compacted.</returns>
    /// <exception cref="LakeException">A table is not there, or what was written is not what was read; nothing was committed for that table.</exception>
    /// <exception cref="ConflictException">Other processes changed the same files every time.</exception>
    public IReadOnlyList<TableCompaction> Run(CompactionRequest request, IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        var tables = Chosen(request);
        var done = new List<TableCompaction>();
        for (var i = 0; i < tables.Count; i++)
        {
            var from = (double)i / tables.Count;
            var part = new Part(progress, from, 1.0 / tables.Count);
            var result = ConflictException.Retry(() => Compact(tables[i], request, part, cancellation));
            if (result.FilesBefore > 0 || result.Skipped is not null)
                done.Add(result);
        }

        return done;
    }

    private IReadOnlyList<string> Chosen(CompactionRequest request)
    {
        var names = lake.Tables(lake.CurrentSnapshot()).Select(t => t.FullName).ToList();
        var unknown = request.Tables.Where(t => !names.Contains(t, StringComparer.OrdinalIgnoreCase)).ToList();
        if (unknown.Count > 0)
            throw new LakeException($"The lake has no table {string.Join(", ", unknown)}. It has {string.Join(", ", names)}.");
        return request.Tables.Count == 0 ? names : [.. names.Where(n => request.Tables.Contains(n, StringComparer.OrdinalIgnoreCase))];
    }

    private TableCompaction Compact(string name, CompactionRequest request, Part progress, CancellationToken cancellation)
    {
        var (table, live, skipped) = lake.Database.Read(reader => Look(reader, name));
        if (table is null || skipped is not null)
            return new TableCompaction(name, 0, null, 0, null, 0, null, skipped);
        var groups = CompactionGroup.Of(live, request);
        var sources = groups.SelectMany(g => g.Sources).ToList();
        var planned = new TableCompaction(name, sources.Count, null, sources.Sum(s => s.Bytes), null, sources.Sum(s => s.LiveRows), null);
        if (sources.Count == 0 || request.DryRun)
            return planned;

        var staging = new Staging(lake.Store, table.Prefix);
        try
        {
            var merged = new List<CompactedGroup>();
            foreach (var group in groups)
            {
                cancellation.ThrowIfCancellationRequested();
                progress.Report(name, (double)merged.Count / groups.Count);
                merged.Add(Merge(table, group, request, staging));
            }

            var files = merged.SelectMany(g => g.Files).ToList();
            lake.Reached(KillPoint.FileStaged);
            lake.Store.Store([.. files.Select(staging.Staged)]);
            lake.Reached(KillPoint.Compacted);
            var commit = lake.Commit(new LakeCommit
            {
                IdempotencyKey = $"compact/{table.Id}/{Fingerprint(sources)}",
                Author = "finks lake compact",
                Message = $"{name}: {sources.Count} files became {files.Count}",
                Also = transaction => CompactionCommit.Apply(transaction, table, merged),
            });
            return planned with { FilesAfter = files.Count, BytesAfter = files.Sum(f => f.Bytes), Snapshot = commit.Snapshot };
        }
        catch
        {
            staging.Discard();
            throw;
        }
    }

    private static (LakeTable? Table, IReadOnlyList<CompactionSource> Live, string? Skipped) Look(LedgerReader reader, string name)
    {
        var now = SnapshotReader.Newest(reader).Id;
        var table = CatalogReader.Tables(reader, now).FirstOrDefault(t => t.FullName.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (table is null)
            return (null, [], null);
        try
        {
            // Says what other writers left that Finks cannot read.
            _ = FileReader.DeleteFiles(reader, table, now);
            foreach (var column in table.Columns)
                _ = Types.LakeType.Parse(column.DuckDbType, $"{name}.{column.Name}");
        }
        catch (LakeException foreign)
        {
            return (table, [], foreign.Message);
        }

        if (Path.IsPathRooted(table.Prefix))
            return (table, [], $"its files lie outside the lake, in {table.Prefix}");
        return (table, CompactionSource.Live(reader, table), null);
    }

    private CompactedGroup Merge(LakeTable table, CompactionGroup group, CompactionRequest request, Staging staging)
    {
        using var scratch = ScratchDatabase.Open(lake, request.Threads, MemoryMb);
        var rows = new CompactionRows(scratch.Connection, table, lake.Store);
        var before = rows.Read(group);
        if (before.Rows != group.LiveRows || before.RowIds != before.Rows)
        {
            throw new LakeException(
                $"{table.FullName}: {group.Sources.Count} files, the first {group.Sources[0].Key}, hold {before.Rows} rows, {before.RowIds} of them with an id, but the catalog "
                + $"has {group.LiveRows}. Nothing was changed. Run `finks lake check`; it names the file that is wrong.");
        }

        var files = rows.Write(group, before.Rows, request.TargetBytes, staging, lake.Ids);
        var after = rows.ReadBack(files, staging);
        if (after != before)
        {
            throw new LakeException(
                $"{table.FullName}: {before.Rows} rows were read and {after.Rows} rows{(after.Rows == before.Rows ? " with other values" : "")} read back, so the compaction "
                + "was given up and nothing was changed. Check the disk, and report this as a defect of Finks if it comes again.");
        }

        return new CompactedGroup(group.Sources, files);
    }

    private static string Fingerprint(IEnumerable<CompactionSource> sources) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', sources.Select(s => $"{s.Id} {s.Delete?.Id}")))));

    private sealed class Part(IProgress<MaintenanceProgress> progress, double from, double share)
    {
        public void Report(string doing, double fraction) => progress.Report(new MaintenanceProgress(doing, from + (share * fraction)));
    }
}
