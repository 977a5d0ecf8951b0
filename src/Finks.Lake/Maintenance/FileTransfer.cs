using System.Security.Cryptography;
using Finks.Lake.Storage;

namespace Finks.Lake.Maintenance;

/// <summary>Copies stored files from one store to another, a few at a time, each proved on its way.</summary>
internal sealed class FileTransfer(ZoneStore from, ZoneStore to)
{
    /// <summary>Files under way together: one flush or one round of requests serves them all.</summary>
    private const int AtOnce = 32;

    /// <summary>Copies what the target does not have.</summary>
    /// <param name="targetKey">What a key becomes in the target.</param>
    /// <param name="there">The target's keys with their sizes.</param>
    /// <returns>How many were copied, and their bytes.</returns>
    /// <exception cref="LakeException">A file is gone or damaged, or the target holds other bytes under its key.</exception>
    public (int Files, long Bytes) Copy(
        IReadOnlyList<(string Key, long Bytes, string? Sha256)> files, Func<string, string> targetKey, IReadOnlyDictionary<string, long> there,
        IProgress<MaintenanceProgress> progress, CancellationToken cancellation)
    {
        var missing = files.Where(f => there.GetValueOrDefault(targetKey(f.Key), -1) != f.Bytes).ToList();
        var total = Math.Max(1, missing.Sum(f => f.Bytes));
        var done = 0L;
        foreach (var part in missing.Chunk(AtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report(new MaintenanceProgress(part[0].Key, (double)done / total));
            var paths = from.Fetch([.. part.Select(f => new StoredFile(f.Key, f.Bytes, f.Sha256))]);
            var staged = part.Zip(paths).Select(f => Stage(targetKey(f.First.Key), f.Second, f.First.Bytes, f.First.Sha256)).ToList();
            to.Store(staged);
            done += part.Sum(f => f.Bytes);
        }

        return (missing.Count, done);
    }

    private StagedFile Stage(string key, string path, long bytes, string? expected)
    {
        var staged = to.Stage(key);
        using (var source = File.OpenRead(path))
        using (var hash = SHA256.Create())
        using (var target = new CryptoStream(File.Create(staged), hash, CryptoStreamMode.Write))
        {
            source.CopyTo(target);
            target.FlushFinalBlock();
            var actual = Convert.ToHexStringLower(hash.Hash!);
            return expected is null || actual == expected
                ? new StagedFile(key, staged, bytes, actual)
                : throw new LakeException($"{path} changed while it was copied: it has the SHA-256 {actual}, but {expected} was stored. Run `finks lake check`.");
        }
    }
}
