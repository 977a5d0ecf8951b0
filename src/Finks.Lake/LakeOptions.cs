namespace Finks.Lake;

/// <summary>Where a lake lives and what it depends on.</summary>
public sealed record LakeOptions
{
    /// <summary>The absolute path of the folder that holds the catalog file and the zone folders; it is created when absent.</summary>
    public required string Home { get; init; }

    /// <summary>Leads the names of the zone folders. A lake belongs to the environment that created it. Default <c>dev</c>.</summary>
    public string Environment { get; init; } = "dev";

    /// <summary>The clock of the snapshot times.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The source of the UUIDs of schemas and tables, and of file names.</summary>
    public required IdSource Ids { get; init; }
}
