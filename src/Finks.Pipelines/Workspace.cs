using Finks.Cleansing;
using Finks.Cleansing.Privacy;
using Finks.Contracts;
using Finks.Ingestion;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Orchestration.Local;
using Finks.Pipelines.Gold;

namespace Finks.Pipelines;

/// <summary>Where a workspace is and what it depends on.</summary>
public sealed record WorkspaceOptions
{
    /// <summary>The lake; created when absent.</summary>
    public required LakeOptions Lake { get; init; }

    /// <summary>Folder of the contracts (<c>*.odcs.yaml</c>).</summary>
    public required string Contracts { get; init; }

    /// <summary>Folder of the dbt project.</summary>
    public required string DbtProject { get; init; }

    /// <summary>The environment's secret for hashing personal data; null when there is none, which only matters to contracts that hash.</summary>
    public string? MaskingSalt { get; init; }

    /// <summary>Spreads the pauses before retries.</summary>
    public Random Random { get; init; } = new(0);

    /// <summary>Threads of the stages. Default: the processor count.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>An open lake with its ledgers, the contracts and the dbt project: what every command works on.</summary>
public sealed class Workspace : IDisposable
{
    private Workspace(WorkspaceOptions options)
    {
        Options = options;
        Contracts = ContractCatalog.Load(options.Contracts);
        Lake = DataLake.Open(options.Lake);
        Bronze = new BronzeStore(Lake);
        Coverage = new CoverageLedger(Lake);
        Cleanser = new Cleanser(Lake, Bronze, Clock);
        Gold = new GoldLedger(Lake);
        Backend = new LocalBackend(Lake.Database, Clock, options.Lake.Ids, options.Random);
        Runs = new RunReader(Lake.Database);
    }

    public WorkspaceOptions Options { get; }

    public ContractCatalog Contracts { get; }

    public DataLake Lake { get; }

    public BronzeStore Bronze { get; }

    public CoverageLedger Coverage { get; }

    public Cleanser Cleanser { get; }

    public GoldLedger Gold { get; }

    /// <summary>Where flows of this workspace keep their runs.</summary>
    public LocalBackend Backend { get; }

    /// <summary>What has run, when, and how it ended.</summary>
    public RunReader Runs { get; }

    public TimeProvider Clock => Options.Lake.Clock;

    /// <summary>Hashes personal data; null without a salt.</summary>
    /// <exception cref="MaskingException">The salt is too short.</exception>
    public MaskingKey? Masking => Options.MaskingSalt is { } salt ? MaskingKey.From(salt, Options.Lake.Environment) : null;

    /// <summary>Opens the workspace, and creates an empty lake where there is none.</summary>
    /// <exception cref="ContractException">A contract is wrong; all problems are listed.</exception>
    /// <exception cref="LakeException">The lake is of another version or environment.</exception>
    public static Workspace Open(WorkspaceOptions options) => new(options);

    public void Dispose() => Lake.Dispose();
}
