namespace Finks.Lake.Storage;

/// <summary>The rules for keys, the same in folders and on S3, so that a lake can move from one to the other.</summary>
internal static class ZoneKey
{
    /// <summary>Returns the key when it has a zone and a name, and every part is one that a folder can have.</summary>
    public static string Checked(string key)
    {
        var parts = key.Split('/');
        if (parts.Length < 2 || !AreFolders(parts))
        {
            throw new ArgumentException(
                $"'{key}' cannot be a key. Give a zone, slashes and names: "
                + "no empty part, no '.' or '..', no backslash, and no zone that begins with a dot.",
                nameof(key));
        }

        return key;
    }

    /// <summary>Returns the prefix when it begins with a whole zone. Less could be served in folders, not on S3.</summary>
    public static string CheckedPrefix(string prefix)
    {
        var parts = prefix.Split('/');
        if (parts.Length < 2 || !AreFolders(parts[..^1]) || parts[^1].AsSpan().ContainsAny('\\', '\0'))
            throw new ArgumentException($"'{prefix}' cannot be listed. Begin with a zone and a slash.", nameof(prefix));
        return prefix;
    }

    private static bool AreFolders(string[] parts) =>
        parts[0] is not ['.', ..] && Array.TrueForAll(parts, p => p is not ("" or "." or "..") && !p.AsSpan().ContainsAny('\\', '\0'));
}
