using Finks.Dbt.Configuration;
using Finks.Dbt.Project;
using Finks.Dbt.Rendering;
using Finks.Jinja;

namespace Finks.Dbt.Loading;

/// <summary>Makes the test nodes of a model, seed or source table from its property file.</summary>
internal sealed class GenericTestLoader(ProjectEnvironment environment, ConfigReader configs)
{
    private readonly ContextFactory _contexts = new(environment);

    /// <param name="file">The property file.</param>
    /// <param name="properties">The owner's entry in it.</param>
    /// <param name="source">The name of the source the owner is a table of; null for a model or seed.</param>
    public IEnumerable<ManifestNode> Load(ProjectFile file, NodeProperties properties, string? source)
    {
        foreach (var test in properties.Tests)
            yield return Load(file, properties.Name, source, GenericTestEntry.Read(test), null);
        foreach (var column in properties.Columns)
        {
            foreach (var test in column.Tests)
                yield return Load(file, properties.Name, source, GenericTestEntry.Read(test), column);
        }
    }

    private ManifestNode Load(ProjectFile file, string owner, string? source, GenericTestEntry entry, ColumnProperties? column)
    {
        if (entry.Test.Contains('.', StringComparison.Ordinal))
            throw entry.Node.Error($"the test '{entry.Test}' comes from a package; packages are not supported, write it as {{% test %}} in the project");
        var macro = environment.ParsingMacros.Find("test_" + entry.Test)
            ?? throw entry.Node.Error(
                $"the test '{entry.Test}' is neither built in (unique, not_null, accepted_values, relationships) nor defined by a {{% test %}} block");
        var test = new GenericTest(entry.Test, null, Arguments(entry, owner, source, column));
        var (shortName, fullName) = entry.GivenName is { } given
            ? (given, given)
            : source is null
                ? GenericTestName.Synthesize(entry.Test, owner, test.Arguments)
                : GenericTestName.Synthesize("source_" + entry.Test, $"{source}_{owner}", test.Arguments);
        IReadOnlyList<string> fqn = [environment.Settings.Name, .. file.Folders, fullName];
        var node = new ManifestNode
        {
            UniqueId = GenericTestName.UniqueId(environment.Settings.Name, fullName, test),
            ResourceType = ResourceType.Test,
            Name = fullName,
            PackageName = environment.Settings.Name,
            Fqn = fqn,
            OriginalFilePath = file.Path,
            Line = entry.Node.Line,
            RawCode = $"{{{{ {test.MacroName}(**_dbt_generic_test_kwargs) }}}}",
            Config = NodeConfig.Defaults(ResourceType.Test),
            Description = entry.Description,
            GenericTest = test,
        };
        var scope = Discover(node, macro);
        var config = Config(node, entry, column, scope.Configured, shortName == fullName ? null : shortName);
        return node with { Config = config, Tags = config.Tags, References = scope.References, SourceReferences = scope.Sources };
    }

    private static Dictionary<string, object?> Arguments(GenericTestEntry entry, string owner, string? source, ColumnProperties? column)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (column is not null)
            arguments["column_name"] = column.Quote ? Relation.Quote(column.Name) : column.Name;
        foreach (var (name, value) in entry.Arguments)
            arguments[name] = value;
        var call = source is null ? $"ref('{owner}')" : $"source('{source}', '{owner}')";
        arguments["model"] = $"{{{{ get_where_subquery({call}) }}}}";
        return arguments;
    }

    /// <summary>What the property file says wins over <c>config()</c> in the test's own body.</summary>
    private NodeConfig Config(ManifestNode node, GenericTestEntry entry, ColumnProperties? column, IReadOnlyDictionary<string, object?> inBody, string? alias)
    {
        var values = new Dictionary<string, object?>(inBody, StringComparer.Ordinal);
        if (alias is not null)
            values["alias"] = alias;
        foreach (var (key, value) in entry.Configs)
            values[key] = configs.Render(value, projectFile: false);
        var config = configs.Read(ResourceType.Test, node.Fqn, null, new ConfigLevel(values, entry.Node.File, entry.Node.Line));
        return column is { Tags.Count: > 0 }
            ? config.With(new ConfigLevel(new Dictionary<string, object?> { ["tags"] = new PyList(column.Tags) }, entry.Node.File, entry.Node.Line))
            : config;
    }

    /// <summary>A built-in test depends on what its arguments name; a project's own may also use ref() in its body, so it is rendered.</summary>
    private ParseScope Discover(ManifestNode node, ProjectMacro macro)
    {
        var target = environment.Options.Target;
        var scope = new ParseScope(environment, new Relation(target.Database, target.Schema, node.Name), NodeDict.Of(node));
        var context = _contexts.ForNode(scope);
        return JinjaErrors.Locate(node, () =>
        {
            var arguments = new GenericTestArguments(environment.ParsingJinja, scope, context).Render(node.GenericTest!, null);
            if (!macro.BuiltIn)
                macro.Template.CallMacro(macro.Name, context, [], arguments);
            return scope;
        });
    }
}
