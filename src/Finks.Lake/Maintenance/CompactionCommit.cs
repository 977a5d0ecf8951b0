using Finks.Lake.Catalog;
using Finks.Lake.Commits;

namespace Finks.Lake.Maintenance;

/// <summary>
/// The rows that put new files in the place of old ones, as DuckLake's own rewrite does it: the sources end with this snapshot, so that older ones
/// still read them, and the new files begin with it. The table's statistics stay as they are: they must cover the rows of old snapshots too.
/// </summary>
internal static class CompactionCommit
{
    /// <exception cref="ConflictException">Another commit has ended a source, deleted rows of it, or changed the table's columns.</exception>
    public static void Apply(CommitTransaction commit, LakeTable table, IReadOnlyList<CompactedGroup> groups)
    {
        if (!IsUnchanged(commit, table))
            throw new ConflictException($"Another process has changed the columns of {table.FullName} meanwhile, so its files were not compacted. Run `finks lake compact` again.");
        var live = CompactionSource.Live(commit.Database, table).ToDictionary(s => s.Id);
        foreach (var group in groups)
        {
            if (group.Sources.FirstOrDefault(s => live.GetValueOrDefault(s.Id) is not { } now || now.Delete != s.Delete) is { } lost)
                throw new ConflictException($"Another process has deleted rows of {lost.Key} meanwhile, so it was not compacted. Run `finks lake compact` again.");
            foreach (var source in group.Sources)
                End(commit, source);
            var like = group.Sources[0];
            FileRegistration.Register(commit, table.Id, [.. group.Files.Select(f => new RegisteredFile(f, like.PartitionId, like.PartitionValues, RowIdStart: null))]);
        }

        commit.Changes.Rewrote(table.Id);
        TableChanges.RecordCompaction(commit.Database, commit.Id, table.Id);
    }

    /// <summary>Whether the table is still the one that was read, but for its files.</summary>
    private static bool IsUnchanged(CommitTransaction commit, LakeTable table) =>
        CatalogReader.Tables(commit.Database, commit.Id, table.Id).SingleOrDefault() is { } now
        && now.Prefix == table.Prefix
        && now.Columns.Select(c => (c.Id, c.Name, c.DuckDbType)).SequenceEqual(table.Columns.Select(c => (c.Id, c.Name, c.DuckDbType)));

    private static void End(CommitTransaction commit, CompactionSource source)
    {
        commit.Database.Execute("UPDATE ducklake_data_file SET end_snapshot = @snapshot WHERE data_file_id = @file", ("snapshot", commit.Id), ("file", source.Id));
        if (source.Delete is { } delete)
            commit.Database.Execute("UPDATE ducklake_delete_file SET end_snapshot = @snapshot WHERE delete_file_id = @file", ("snapshot", commit.Id), ("file", delete.Id));
    }
}

/// <summary>Files and what they shall stand in place of.</summary>
internal sealed record CompactedGroup(IReadOnlyList<CompactionSource> Sources, IReadOnlyList<WrittenFile> Files);
