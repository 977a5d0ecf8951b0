using Finks.Jinja;

namespace Finks.Dbt.Selection;

/// <summary>Decides whether a node or source meets a criterion's method and value (<c>core/graph/selector_methods.py</c>).</summary>
internal sealed class CriterionMatcher(Manifest manifest)
{
    public bool Matches(string id, SelectionCriterion criterion)
    {
        if (manifest.FindSource(id) is { } source)
            return Matches(source, criterion);
        return manifest.Find(id) is { } node && Matches(node, criterion);
    }

    private static bool Matches(ManifestNode node, SelectionCriterion criterion) => criterion.Method switch
    {
        "fqn" => MatchesFqn(node.Fqn, criterion.Value),
        "tag" => node.Tags.Any(tag => Glob.Matches(tag, criterion.Value)),
        "path" => MatchesPath(node.OriginalFilePath, criterion.Value),
        "file" => MatchesFile(node.OriginalFilePath, criterion.Value),
        "resource_type" => node.ResourceType.DbtName() == criterion.Value || (criterion.Value == "data_test" && node.ResourceType == ResourceType.Test),
        "test_type" => node.ResourceType == ResourceType.Test && MatchesTestType(node, criterion.Value),
        "test_name" => node.GenericTest is { } test && Glob.Matches(test.Name, criterion.Value),
        "package" => Glob.Matches(node.PackageName, criterion.Value == "this" ? node.PackageName : criterion.Value),
        "source" => false,
        _ => MatchesConfig(node, criterion.Method["config.".Length..], criterion.Value),
    };

    private static bool Matches(SourceDefinition source, SelectionCriterion criterion) => criterion.Method switch
    {
        "source" => MatchesSource(source, criterion.Value),
        "tag" => source.Tags.Any(tag => Glob.Matches(tag, criterion.Value)),
        "path" => MatchesPath(source.OriginalFilePath, criterion.Value),
        "file" => MatchesFile(source.OriginalFilePath, criterion.Value),
        "fqn" => MatchesFqn(source.Fqn, criterion.Value),
        "resource_type" => criterion.Value == "source",
        "package" => Glob.Matches(source.PackageName, criterion.Value == "this" ? source.PackageName : criterion.Value),
        _ => false,
    };

    private static bool MatchesSource(SourceDefinition source, string value)
    {
        var parts = value.Split('.');
        return parts.Length switch
        {
            1 => Glob.Matches(source.SourceName, parts[0]),
            2 => Glob.Matches(source.SourceName, parts[0]) && Glob.Matches(source.Name, parts[1]),
            3 => Glob.Matches(source.PackageName, parts[0]) && Glob.Matches(source.SourceName, parts[1]) && Glob.Matches(source.Name, parts[2]),
            _ => throw new DbtException($"the selection 'source:{value}' has too many parts; write source:name or source:name.table"),
        };
    }

    /// <summary>The name alone, the whole fqn or a leading part of it, with or without the package.</summary>
    private static bool MatchesFqn(IReadOnlyList<string> fqn, string value) =>
        Glob.Matches(fqn[^1], value) || LeadsWith(fqn, value) || LeadsWith([.. fqn.Skip(1)], value);

    private static bool LeadsWith(IReadOnlyList<string> fqn, string value)
    {
        var parts = value.Split('.');
        if (parts.Length > fqn.Count)
            return false;
        for (var i = 0; i < parts.Length; i++)
        {
            // From the first wildcard on, the pattern swallows the rest, dots included.
            if (Glob.HasWildcard(parts[i]))
                return Glob.Matches(string.Join('.', fqn.Skip(i)), string.Join('.', parts.Skip(i)));
            if (fqn[i] != parts[i])
                return false;
        }

        return true;
    }

    private static bool MatchesPath(string path, string value)
    {
        var wanted = value.TrimEnd('/');
        return Glob.Matches(path, wanted) || (Glob.HasWildcard(wanted) ? Glob.Matches(path, wanted + "/*") : path.StartsWith(wanted + "/", StringComparison.Ordinal));
    }

    private static bool MatchesFile(string path, string value) =>
        Glob.Matches(Path.GetFileName(path), value) || Glob.Matches(Path.GetFileNameWithoutExtension(path), value);

    private static bool MatchesTestType(ManifestNode node, string value) => value switch
    {
        "data" => true,
        "generic" => node.GenericTest is not null,
        "singular" => node.GenericTest is null,
        "unit" => false,
        _ => throw new DbtException($"the selection 'test_type:{value}' is unknown; use data, generic or singular"),
    };

    private static bool MatchesConfig(ManifestNode node, string key, string value)
    {
        object? current = null;
        foreach (var (index, step) in key.Split('.').Index())
        {
            if (index == 0 ? !node.Config.TryGet(step, out current) : current is not PyDict dict || !dict.TryGetValue(step, out current))
                return false;
        }

        return current switch
        {
            PyList list => list.Any(item => Glob.Matches(PyValue.Str(item), value)),
            bool flag => string.Equals(flag ? "true" : "false", value, StringComparison.OrdinalIgnoreCase),
            null => false,
            _ => Glob.Matches(PyValue.Str(current), value),
        };
    }
}
