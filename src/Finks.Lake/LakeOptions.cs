using Finks.Lake.Storage;

namespace Finks.Lake;

/// <summary>Where a lake lives and what it depends on.</summary>
public sealed record LakeOptions
{
    /// <summary>The absolute path of a folder of this machine; it is created when absent. See <see cref="LakePaths.Home"/>.</summary>
    public required string Home { get; init; }

    /// <summary>Part of the names of the zones. A lake belongs to the environment that created it. Default <c>dev</c>.</summary>
    public string Environment { get; init; } = "dev";

    /// <summary>Leads the names of the zones, because the names of buckets are unique in the whole world. Default none.</summary>
    public string ZonePrefix { get; init; } = "";

    /// <summary>Where the zones' files are; the lake disposes it. Null for folders below <see cref="Home"/>.</summary>
    public ZoneStore? Store { get; init; }

    /// <summary>Null for SQLite in <c>lake.sqlite</c> below <see cref="Home"/>.</summary>
    public CatalogLocation? Catalog { get; init; }

    /// <summary>Makes it an error when there is no lake yet, for work that a new one would only hide a wrong place from. Default false: it is created.</summary>
    public bool MustExist { get; init; }

    /// <summary>Told each <see cref="KillPoint"/> as it is passed; null in ordinary use.</summary>
    public Action<string>? Reached { get; init; }

    /// <summary>The clock of the snapshot times.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The source of the UUIDs of schemas and tables, and of file names.</summary>
    public required IdSource Ids { get; init; }

    internal CatalogLocation CatalogOrDefault => Catalog ?? new CatalogLocation.Sqlite(Path.Combine(Path.GetFullPath(Home), "lake.sqlite"));
}
