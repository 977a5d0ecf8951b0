using Finks.Dbt.Rendering;
using Finks.Jinja;

namespace Finks.Dbt.Loading;

/// <summary>Gives a node its database, schema and alias, by the project's <c>generate_schema_name</c> and <c>generate_alias_name</c> where it has them.</summary>
internal sealed class RelationNames(ProjectEnvironment environment)
{
    private readonly ContextFactory _contexts = new(environment);
    private readonly DbtTarget _target = environment.Options.Target;

    public ManifestNode Name(ManifestNode node)
    {
        var dict = new Lazy<PyDict>(() => NodeDict.Of(node));
        var database = node.Config.Text("database")?.Trim() ?? _target.Database;
        var customSchema = node.Config.Text("schema");
        var customAlias = node.Config.Text("alias");
        var schema = Override("generate_schema_name", node, customSchema, dict)
            ?? (customSchema is null ? _target.Schema : $"{_target.Schema}_{customSchema.Trim()}");
        var alias = Override("generate_alias_name", node, customAlias, dict)
            ?? (string.IsNullOrEmpty(customAlias) ? node.Name : customAlias.Trim());
        return node with { Database = database, Schema = schema, Alias = alias };
    }

    private string? Override(string name, ManifestNode node, string? custom, Lazy<PyDict> dict)
    {
        if ((environment.ParsingMacros.Find(name) ?? environment.ParsingMacros.Dispatch(name)) is not { } macro)
            return null;
        var scope = new ParseScope(environment, new Relation(_target.Database, _target.Schema, node.Name), dict.Value);
        var context = _contexts.ForNode(scope);
        var noKeywords = new Dictionary<string, object?>();
        return JinjaErrors.Locate(macro.File, 0, () => PyValue.Str(macro.Template.CallMacro(macro.Name, context, [custom, dict.Value], noKeywords)).Trim());
    }
}
