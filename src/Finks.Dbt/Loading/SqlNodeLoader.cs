using Finks.Dbt.Configuration;
using Finks.Dbt.Project;
using Finks.Dbt.Rendering;

namespace Finks.Dbt.Loading;

/// <summary>Reads a model or a singular test: renders it once to learn its refs, sources and configs.</summary>
internal sealed class SqlNodeLoader(ProjectEnvironment environment, ConfigReader configs)
{
    private readonly ContextFactory _contexts = new(environment);

    public ManifestNode Load(ProjectFile file, ResourceType type, NodeProperties? properties)
    {
        var package = environment.Settings.Name;
        var node = new ManifestNode
        {
            UniqueId = $"{type.DbtName()}.{package}.{file.Name}",
            ResourceType = type,
            Name = file.Name,
            PackageName = package,
            Fqn = [package, .. file.Folders, file.Name],
            OriginalFilePath = file.Path,
            RawCode = file.ReadStripped(),
            FirstLine = file.SkippedLines(),
            Config = NodeConfig.Defaults(type),
            Description = properties?.Description ?? "",
            Columns = Describe(properties),
        };
        var scope = Discover(node);
        var config = configs.Read(type, node.Fqn, properties, new ConfigLevel(scope.Configured, file.Path, null));
        return node with { Config = config, Tags = config.Tags, References = scope.References, SourceReferences = scope.Sources };
    }

    public static IReadOnlyList<ColumnDescription> Describe(NodeProperties? properties) =>
        [.. properties?.Columns.Select(column => new ColumnDescription(column.Name, column.Description, column.DataType)) ?? []];

    private ParseScope Discover(ManifestNode node)
    {
        var target = environment.Options.Target;
        var scope = new ParseScope(environment, new Relation(target.Database, target.Schema, node.Name), NodeDict.Of(node));
        var context = _contexts.ForNode(scope);
        return JinjaErrors.Locate(node, () =>
        {
            var template = environment.ParsingJinja.Parse(node.RawCode, node.OriginalFilePath);
            if (template.Macros.Count > 0)
            {
                throw new DbtException(
                    $"a macro stands inside {node.UniqueId}; move it to a file under {environment.Settings.MacroPaths[0]}/",
                    node.OriginalFilePath, template.Macros[0].Line + node.FirstLine);
            }

            template.Render(context);
            return scope;
        });
    }
}
