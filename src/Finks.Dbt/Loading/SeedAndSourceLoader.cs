using Finks.Dbt.Project;
using Finks.Dbt.Rendering;
using Finks.Dbt.Yaml;
using Finks.Jinja;

namespace Finks.Dbt.Loading;

/// <summary>Reads what needs no rendering: seeds and sources.</summary>
internal sealed class SeedAndSourceLoader(ProjectEnvironment environment, ConfigReader configs)
{
    private readonly string _package = environment.Settings.Name;

    public ManifestNode LoadSeed(ProjectFile file, NodeProperties? properties)
    {
        IReadOnlyList<string> fqn = [_package, .. file.Folders, file.Name];
        var config = configs.Read(ResourceType.Seed, fqn, properties, null);
        return new ManifestNode
        {
            UniqueId = $"seed.{_package}.{file.Name}",
            ResourceType = ResourceType.Seed,
            Name = file.Name,
            PackageName = _package,
            Fqn = fqn,
            OriginalFilePath = file.Path,
            RawCode = "",
            Config = config,
            Tags = config.Tags,
            Description = properties?.Description ?? "",
            Columns = SqlNodeLoader.Describe(properties),
        };
    }

    public SourceDefinition LoadSource(SourceTableProperties table, ProjectFile file)
    {
        var settings = new[] { Config(table.SourceConfig), Outer(table.Source), Config(table.Table.Config), Outer(table.Table.Source) };
        var meta = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var level in settings)
        {
            foreach (var (key, value) in level.GetValueOrDefault("meta") as PyDict ?? [])
                meta[PyValue.Str(key)] = value;
        }

        if (meta.ContainsKey("external_location"))
            throw table.Table.Source.Error("'meta.external_location' of a source is not supported; make the source a view before the run");
        return new SourceDefinition
        {
            UniqueId = $"source.{_package}.{table.SourceName}.{table.Table.Name}",
            SourceName = table.SourceName,
            Name = table.Table.Name,
            PackageName = _package,
            Relation = new Relation(
                Text(table.Source, table.Database) ?? environment.Options.Target.Database,
                Text(table.Source, table.Schema) ?? table.SourceName,
                Text(table.Table.Source, table.Identifier) ?? table.Table.Name),
            Fqn = [_package, .. file.Folders, table.SourceName, table.Table.Name],
            OriginalFilePath = file.Path,
            Line = table.Table.Line,
            Description = table.Table.Description,
            Columns = SqlNodeLoader.Describe(table.Table),
            Tags = [.. settings.SelectMany(level => Tags(level.GetValueOrDefault("tags")))],
            Meta = meta,
        };
    }

    /// <summary>A name of a source may hold Jinja, e.g. <c>schema: "{{ target.schema }}"</c>.</summary>
    private string? Text(YamlMapping owner, string? written) =>
        written is null ? null : PyValue.Str(configs.Render(new YamlScalar(owner.File, owner.Line, owner.Column, written, written), projectFile: false));

    private Dictionary<string, object?> Config(YamlMapping? block)
    {
        block?.AllowOnly("a source's config", "meta", "tags", "loaded_at_field", "freshness");
        return Values(block);
    }

    private Dictionary<string, object?> Outer(YamlMapping owner) => Values(owner);

    private Dictionary<string, object?> Values(YamlMapping? owner) => new[] { "meta", "tags" }
        .Where(key => owner?[key] is not null)
        .ToDictionary(key => key, key => configs.Render(owner![key]!, projectFile: false), StringComparer.Ordinal);

    private static IEnumerable<string> Tags(object? value) => value switch
    {
        null => [],
        PyList list => list.Select(PyValue.Str),
        _ => [PyValue.Str(value)],
    };
}
