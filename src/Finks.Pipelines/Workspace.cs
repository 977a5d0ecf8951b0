using Finks.Cleansing;
using Finks.Contracts;
using Finks.Ingestion;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Pipelines.Gold;
using Finks.Pipelines.Runs;

namespace Finks.Pipelines;

/// <summary>Where a workspace is and what it depends on.</summary>
public sealed record WorkspaceOptions
{
    /// <summary>Folder of the lake; created when absent.</summary>
    public required string Home { get; init; }

    /// <summary>Environment whose zones are used. Default <c>dev</c>.</summary>
    public string Environment { get; init; } = "dev";

    /// <summary>Folder of the contracts (<c>*.odcs.yaml</c>).</summary>
    public required string Contracts { get; init; }

    /// <summary>Folder of the dbt project.</summary>
    public required string DbtProject { get; init; }

    public required TimeProvider Clock { get; init; }

    public required IdSource Ids { get; init; }
}

/// <summary>An open lake with its ledgers, the contracts and the dbt project: what every command works on.</summary>
public sealed class Workspace : IDisposable
{
    private Workspace(WorkspaceOptions options)
    {
        Options = options;
        Contracts = ContractCatalog.Load(options.Contracts);
        Lake = DataLake.Open(new LakeOptions { Home = options.Home, Environment = options.Environment, Clock = options.Clock, Ids = options.Ids });
        Bronze = new BronzeStore(Lake);
        Coverage = new CoverageLedger(Lake);
        Cleanser = new Cleanser(Lake, Bronze);
        Gold = new GoldLedger(Lake);
        Runs = new RunLedger(Lake, options.Clock);
    }

    public WorkspaceOptions Options { get; }

    public ContractCatalog Contracts { get; }

    public DataLake Lake { get; }

    public BronzeStore Bronze { get; }

    public CoverageLedger Coverage { get; }

    public Cleanser Cleanser { get; }

    public GoldLedger Gold { get; }

    public RunLedger Runs { get; }

    public TimeProvider Clock => Options.Clock;

    /// <summary>Opens the workspace, and creates an empty lake where there is none.</summary>
    /// <exception cref="ContractException">A contract is wrong; all problems are listed.</exception>
    /// <exception cref="LakeException">The lake is of another version or environment.</exception>
    public static Workspace Open(WorkspaceOptions options) => new(options);

    public void Dispose() => Lake.Dispose();
}
