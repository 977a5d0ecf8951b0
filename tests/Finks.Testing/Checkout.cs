namespace Finks.Testing;

/// <summary>Where the checkout and the reference data beside it are.</summary>
public static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>A path inside the checkout.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A path inside the reference data; the test is skipped where it is absent.</summary>
    public static string Shared(params string[] parts)
    {
        var shared = Environment.GetEnvironmentVariable("FINKS_SHARED") is { Length: > 0 } given
            ? given
            : Path.GetFullPath(Path.Combine(Root, "..", "shared"));
        var path = Path.Combine([shared, .. parts]);
        if (!File.Exists(path) && !Directory.Exists(path))
            Assert.Skip($"needs the reference data {Path.Combine(parts)}; point FINKS_SHARED at the folder that holds it");
        return path;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Finks.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No Finks.slnx above {AppContext.BaseDirectory}.");
    }
}
