using Finks.Dbt.Project;
using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>What every rendering of a project shares: settings, target, variables, macros and the Jinja interpreter.</summary>
internal sealed class ProjectEnvironment(ProjectSettings settings, ProjectOptions options)
{
    public ProjectSettings Settings { get; } = settings;
    public ProjectOptions Options { get; } = options;
    public MacroLibrary Macros { get; } = new();

    /// <summary>The same macros for the first rendering, in which undefined names forgive everything.</summary>
    public MacroLibrary ParsingMacros { get; } = new();
    public JinjaEnvironment Jinja { get; } = new() { Undefined = UndefinedMode.StrictAtUse };

    /// <summary>Undefined names forgive everything while a project is parsed, as in dbt: <c>{{ foo.bar }}</c> fails only when it runs.</summary>
    public JinjaEnvironment ParsingJinja { get; } = new() { Undefined = UndefinedMode.Chaining };
    public Variables Variables { get; } = new(settings.Vars, settings.Name, options.Vars);

    /// <summary>What Jinja inside the project file sees: the caller's vars only.</summary>
    public Variables GivenVariables { get; } = new(null, settings.Name, options.Vars);

    public PyDict Target { get; } = DescribeTarget(settings, options.Target);

    public void Say(string text) => Options.Messages?.Invoke(text);

    private static PyDict DescribeTarget(ProjectSettings settings, DbtTarget target) => new()
    {
        ["name"] = target.Name,
        ["target_name"] = target.Name,
        ["profile_name"] = target.ProfileName ?? settings.Profile ?? settings.Name,
        ["type"] = "duckdb",
        ["database"] = target.Database,
        ["schema"] = target.Schema,
        ["threads"] = (long)target.Threads,
        ["external_root"] = target.ExternalRoot,
    };
}
