using System.Security.Cryptography;

namespace Finks.Lake.Storage;

/// <summary>Proves that a file of this machine is the one that was meant.</summary>
internal static class LocalFile
{
    /// <summary>Lower-case hexadecimal.</summary>
    public static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Sha256(stream);
    }

    /// <summary>Of what is left of a stream, lower-case hexadecimal.</summary>
    public static string Sha256(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));

    /// <exception cref="LakeException">The file is not there, or has another size or hash.</exception>
    public static void Check(string path, StoredFile expected)
    {
        const string what = "Restore it from a backup, or build it anew from the zone before it.";
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new LakeException($"The file {path} is gone. {what}");
        if (expected.Bytes is { } bytes && info.Length != bytes)
            throw new LakeException($"The file {path} has {info.Length} bytes, but {bytes} were stored: it is damaged. {what}");
        if (expected.Sha256 is { } hash && Sha256(path) is var actual && actual != hash)
            throw new LakeException($"The file {path} has the SHA-256 {actual}, but {hash} was stored: it is damaged. {what}");
    }

    /// <exception cref="LakeException">The staged file is not there whole.</exception>
    public static void CheckStaged(StagedFile file)
    {
        var info = new FileInfo(file.LocalPath);
        if (!info.Exists || info.Length != file.Bytes)
        {
            var found = info.Exists ? $"has {info.Length} bytes" : "is not there";
            throw new LakeException(
                $"{file.Key} cannot be stored: its staged file {file.LocalPath} {found}, {file.Bytes} bytes were announced. Run again.");
        }
    }
}
