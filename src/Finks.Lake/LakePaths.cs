namespace Finks.Lake;

/// <summary>The folders and the catalog file of a lake. Folder paths are absolute and have no trailing separator.</summary>
public sealed class LakePaths
{
    internal LakePaths(string home, string environment)
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
    }

    public string Home { get; }

    public string Environment { get; }

    public string CatalogFile => Path.Combine(Home, "lake.sqlite");

    public string Bronze => Path.Combine(Home, $"{Environment}-bronze-zone");

    public string Silver => Path.Combine(Home, $"{Environment}-silver-zone");

    public string Gold => Path.Combine(Home, $"{Environment}-gold-zone");

    /// <summary>The path that a <see cref="TableDefinition.SchemaPath"/> of the Silver zone has: relative to the home, with a trailing
    /// slash.</summary>
    public string SilverPath => $"{Environment}-silver-zone/";

    /// <summary>As <see cref="SilverPath"/>, for the Gold zone.</summary>
    public string GoldPath => $"{Environment}-gold-zone/";

    /// <summary>The folder of a table's files.</summary>
    public string FolderOf(TableDefinition table) => Resolve(table.SchemaPath + table.TablePath).TrimEnd(Path.DirectorySeparatorChar);

    /// <summary>Home plus a catalog path. Catalog paths always have forward slashes.</summary>
    internal string Resolve(string catalogPath) =>
        Home + Path.DirectorySeparatorChar + catalogPath.Replace('/', Path.DirectorySeparatorChar);
}
