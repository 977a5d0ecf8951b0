using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>Turns a node into SQL.</summary>
internal sealed class NodeCompiler(ProjectEnvironment environment, Manifest manifest)
{
    private readonly ContextFactory _contexts = new(environment);

    public string Compile(ManifestNode node)
    {
        var scope = new RunScope(environment, manifest, node);
        var context = _contexts.ForNode(scope);
        return JinjaErrors.Locate(node, () => node switch
        {
            { ResourceType: ResourceType.Seed } => "",
            { GenericTest: { } test } => CompileTest(node, test, scope, context),
            _ => environment.Jinja.Parse(node.RawCode, node.OriginalFilePath).Render(context),
        });
    }

    private string CompileTest(ManifestNode node, GenericTest test, INodeScope scope, NodeContext context)
    {
        var macro = environment.Macros.Find(test.MacroName)
            ?? throw new DbtException($"the generic test '{test.Name}' is defined nowhere", node.OriginalFilePath, node.Line);
        var arguments = new GenericTestArguments(environment.Jinja, scope, context).Render(test, node.Config.Text("where"));
        return PyValue.Str(macro.Template.CallMacro(macro.Name, context, [], arguments));
    }
}
