namespace Finks.Lake;

/// <summary>The folder of a lake on this machine, and the names of its zones.</summary>
public sealed class LakePaths
{
    internal LakePaths(string home, string environment, string zonePrefix)
    {
        if (!Path.IsPathFullyQualified(home))
            throw new LakeException($"The lake's home '{home}' is not an absolute path. Give the full path of the folder.");
        if (home.AsSpan().ContainsAny("*?["))
            throw new LakeException(
                $"The lake's home '{home}' has one of * ? [ in it, which DuckDB takes for a pattern. Choose another folder.");
        if (environment.Length == 0 || !environment.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new LakeException($"The environment '{environment}' cannot name folders. Use letters, digits, '-' and '_' only.");
        Home = Path.TrimEndingDirectorySeparator(Path.GetFullPath(home));
        Environment = environment;
        Zones = ZonesOf(zonePrefix, environment);
        (BronzeZone, SilverZone, GoldZone) = (Zones[0], Zones[1], Zones[2]);
    }

    /// <summary>Absolute, without a trailing separator. Holds what belongs to this machine: a SQLite catalog, what is being written, scratch
    /// space, and the zones when they are folders.</summary>
    public string Home { get; }

    public string Environment { get; }

    /// <summary>The folder below <see cref="Home"/>, or the bucket.</summary>
    public string BronzeZone { get; }

    /// <inheritdoc cref="BronzeZone"/>
    public string SilverZone { get; }

    /// <inheritdoc cref="BronzeZone"/>
    public string GoldZone { get; }

    /// <summary>The <see cref="TableDefinition.SchemaPath"/> of the Silver zone.</summary>
    public string SilverPath => SilverZone + "/";

    /// <summary>As <see cref="SilverPath"/>, for the Gold zone.</summary>
    public string GoldPath => GoldZone + "/";

    internal IReadOnlyList<string> Zones { get; }

    /// <summary>The names of the Bronze, Silver and Gold zones, in this order.</summary>
    public static IReadOnlyList<string> ZonesOf(string zonePrefix, string environment) =>
        [.. new[] { "bronze", "silver", "gold" }.Select(name => $"{zonePrefix}{environment}-{name}-zone")];

    /// <summary>What leads the keys of a table's files.</summary>
    internal static string PrefixOf(TableDefinition table) => table.SchemaPath + table.TablePath;
}
