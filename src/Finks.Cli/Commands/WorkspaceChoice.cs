using System.CommandLine;
using Finks.Cleansing.Privacy;
using Finks.Lake;
using Finks.Pipelines;

namespace Finks.Cli.Commands;

/// <summary>The options that say which lake, contracts and models a command works on.</summary>
internal sealed class WorkspaceChoice
{
    private readonly Option<DirectoryInfo?> _home = new("--home") { Description = "Folder of the lake on this machine. Default: FINKS_HOME, or .finks in the working directory." };
    private readonly Option<string> _environment = new("--env") { Description = "Environment whose zones are used: dev, staging, prod. Default: FINKS_ENV, or dev." };

    private readonly Option<string> _store = new("--store")
    {
        Description = "Where the zones are: s3://PREFIX for the buckets PREFIX{env}-bronze-zone, -silver-zone and -gold-zone. Default: FINKS_STORE, or folders of the home. "
            + "AWS_REGION, AWS_ENDPOINT_URL_S3 and AWS credentials work as everywhere.",
    };

    private readonly Option<string> _catalog = new("--catalog")
    {
        Description = "PostgreSQL that holds the catalog: \"Host=…;Database=…;Username=…\" (password in PGPASSWORD). Default: FINKS_CATALOG, or SQLite in the home.",
    };

    private readonly Option<DirectoryInfo?> _contracts = new("--contracts") { Description = "Folder of the contracts. Default: FINKS_CONTRACTS, or those that Finks brings." };
    private readonly Option<DirectoryInfo?> _dbt = new("--dbt") { Description = "Folder of the dbt project. Default: FINKS_DBT, or the one that Finks brings." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _home, _environment, _store, _catalog, _contracts, _dbt })
            command.Options.Add(option);
    }

    /// <summary>Opens the workspace that the command line names; its lake is created when absent.</summary>
    /// <param name="createBuckets">Create zone buckets that are not there.</param>
    public Workspace Open(ParseResult parsed, string? defaultHome = null, bool createBuckets = false) => Open(parsed, Lake(parsed, defaultHome).Lake(createBuckets, Composition.Reached));

    /// <summary>As <see cref="Open(ParseResult, string?, bool)"/>, for commands that have nothing to do in a new lake.</summary>
    /// <exception cref="LakeException">There is no lake.</exception>
    public Workspace OpenExisting(ParseResult parsed) => Open(parsed, Lake(parsed, null).Lake(createBuckets: false, Composition.Reached) with { MustExist = true });

    /// <summary>Opens a workspace with the contracts and the dbt project that Finks brings, or with others.</summary>
    internal static Workspace Open(LakeOptions lake, string? contracts = null, string? dbt = null) => Workspace.Open(new WorkspaceOptions
    {
        Lake = lake,
        Contracts = contracts ?? Path.Combine(AppContext.BaseDirectory, "contracts"),
        DbtProject = dbt ?? Path.Combine(AppContext.BaseDirectory, "dbt"),
        MaskingSalt = Setting(MaskingKey.Setting),
        Random = Composition.Random(),
    });

    private LakeChoice Lake(ParseResult parsed, string? defaultHome) => new(
        Home(parsed, defaultHome),
        parsed.GetValue(_environment) ?? Setting("FINKS_ENV") ?? "dev",
        parsed.GetValue(_store) ?? Setting("FINKS_STORE"),
        parsed.GetValue(_catalog) ?? Setting("FINKS_CATALOG"));

    private Workspace Open(ParseResult parsed, LakeOptions lake) =>
        Open(lake, parsed.GetValue(_contracts)?.FullName ?? Setting("FINKS_CONTRACTS"), parsed.GetValue(_dbt)?.FullName ?? Setting("FINKS_DBT"));

    /// <summary>The home that the command line names.</summary>
    public string Home(ParseResult parsed, string? defaultHome = null) =>
        Path.GetFullPath(parsed.GetValue(_home)?.FullName ?? defaultHome ?? Setting("FINKS_HOME") ?? ".finks");

    internal static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
