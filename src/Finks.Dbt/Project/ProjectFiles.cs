namespace Finks.Dbt.Project;

/// <summary>One file of the project.</summary>
/// <param name="Path">Relative to the project folder, with forward slashes, e.g. <c>models/marts/revenue.sql</c>.</param>
/// <param name="Root">The configured path it was found under, e.g. <c>models</c>.</param>
/// <param name="FullPath">Where it stands on disk.</param>
internal sealed record ProjectFile(string Path, string Root, string FullPath)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The folders between the root and the file.</summary>
    public IEnumerable<string> Folders => Path[(Root.Length + 1)..].Split('/')[..^1];

    /// <summary>The text as dbt sees it: without white space at either end (<c>core/parser/read_files.py</c>) and with plain line feeds.</summary>
    public string ReadStripped() => File.ReadAllText(FullPath).ReplaceLineEndings("\n").Trim();

    /// <summary>How many lines the stripping took from the top, so that messages can name the line of the file.</summary>
    public int SkippedLines()
    {
        var text = File.ReadAllText(FullPath);
        var start = text.Length - text.TrimStart().Length;
        return text.AsSpan(0, start).Count('\n');
    }
}

/// <summary>Finds the project's files in a fixed order (ordinal by path), whatever the file system lists.</summary>
internal sealed class ProjectFiles(string folder)
{
    public string Folder { get; } = System.IO.Path.GetFullPath(folder);

    public IReadOnlyList<ProjectFile> Find(IEnumerable<string> roots, params string[] extensions) =>
        [.. roots.SelectMany(root => Under(root, extensions)).DistinctBy(file => file.Path).OrderBy(file => file.Path, StringComparer.Ordinal)];

    private IEnumerable<ProjectFile> Under(string root, string[] extensions)
    {
        var start = System.IO.Path.Combine(Folder, root);
        if (!Directory.Exists(start))
            yield break;
        foreach (var path in Directory.EnumerateFiles(start, "*", SearchOption.AllDirectories))
        {
            var name = System.IO.Path.GetFileName(path);
            if (name[0] is '.' or '#' or '~' || !extensions.Contains(System.IO.Path.GetExtension(name), StringComparer.OrdinalIgnoreCase))
                continue;
            yield return new ProjectFile(System.IO.Path.GetRelativePath(Folder, path).Replace('\\', '/'), root, path);
        }
    }
}
