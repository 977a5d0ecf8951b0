using Finks.Lake.Storage;

namespace Finks.Lake.Commits;

/// <summary>What must hold of a commit before anything is written. Under the write lock, so that no sweep takes a file
/// afterwards.</summary>
internal static class CommitCheck
{
    public static void Verify(LakeCommit commit, ZoneStore store)
    {
        if (string.IsNullOrWhiteSpace(commit.IdempotencyKey))
            throw new LakeException(
                "A commit needs an idempotency key that names its work, such as the stage, the dataset and the batches it read.");
        var twice = commit.Writes.GroupBy(w => w.Table.FullName, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new LakeException(
                $"The commit {commit.IdempotencyKey} writes {twice.Key} {twice.Count()} times. Bring its files together in one write.");
        foreach (var write in commit.Writes)
            Verify(write, store);
    }

    private static void Verify(TableWrite write, ZoneStore store)
    {
        var prefix = LakePaths.PrefixOf(write.Table);
        if (write.Mode != WriteMode.ReplacePartitions && write.ReplacedPartitions.Count > 0)
            throw new LakeException(
                $"The write of {write.Table.FullName} names partitions to replace, but its mode is {write.Mode}. Use ReplacePartitions.");
        if (write.Mode == WriteMode.ReplacePartitions && write.Table.PartitionByYearOf is null)
            throw new LakeException($"{write.Table.FullName} is not partitioned, so no partitions of it can be replaced. Use ReplaceAll.");
        foreach (var file in write.Files)
        {
            var path = prefix + file.Path;
            var found = store.Find(path);
            if (found?.Bytes != file.Bytes)
            {
                throw new LakeException($"{path} {(found is null ? "does not exist" : $"has {found.Bytes} bytes")}, "
                    + $"{file.Bytes} bytes were written. Write it again before the commit.");
            }

            if (file.Rows <= 0)
                throw new LakeException($"{path} has {file.Rows} rows. Commit only files with rows.");
            if (write.Mode == WriteMode.ReplacePartitions && !write.ReplacedPartitions.Contains(file.PartitionValue))
                throw new LakeException(
                    $"{path} holds the year {file.PartitionValue ?? "NULL"}, which is not among the replaced partitions. "
                    + "Add it there, or append the file.");
        }
    }
}
