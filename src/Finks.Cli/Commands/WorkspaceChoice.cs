using System.CommandLine;
using Finks.Pipelines;

namespace Finks.Cli.Commands;

/// <summary>The options that say which lake, contracts and models a command works on.</summary>
internal sealed class WorkspaceChoice
{
    private readonly Option<DirectoryInfo?> _home = new("--home") { Description = "Folder of the lake. Default: FINKS_HOME, or .finks in the working directory." };
    private readonly Option<string> _environment = new("--env") { Description = "Environment whose zones are used: dev, staging, prod. Default: FINKS_ENV, or dev." };
    private readonly Option<DirectoryInfo?> _contracts = new("--contracts") { Description = "Folder of the contracts. Default: those that Finks brings." };
    private readonly Option<DirectoryInfo?> _dbt = new("--dbt") { Description = "Folder of the dbt project. Default: the one that Finks brings." };

    public void AddTo(Command command)
    {
        command.Options.Add(_home);
        command.Options.Add(_environment);
        command.Options.Add(_contracts);
        command.Options.Add(_dbt);
    }

    /// <summary>Opens the workspace that the command line names.</summary>
    public Workspace Open(ParseResult parsed, string? defaultHome = null) => Workspace.Open(new WorkspaceOptions
    {
        Home = Path.GetFullPath(parsed.GetValue(_home)?.FullName ?? defaultHome ?? Setting("FINKS_HOME") ?? ".finks"),
        Environment = parsed.GetValue(_environment) ?? Setting("FINKS_ENV") ?? "dev",
        Contracts = parsed.GetValue(_contracts)?.FullName ?? Path.Combine(AppContext.BaseDirectory, "contracts"),
        DbtProject = parsed.GetValue(_dbt)?.FullName ?? Path.Combine(AppContext.BaseDirectory, "dbt"),
        Clock = Composition.Clock,
        Ids = Composition.Ids,
    });

    internal static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
