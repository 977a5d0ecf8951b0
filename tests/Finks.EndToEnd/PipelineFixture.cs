using System.Security.Cryptography;
using Finks.Cli.Chaos;
using Finks.Fmp;
using Finks.Ingestion;
using Finks.Ingestion.Planning;
using Finks.Lake;
using Finks.Lake.Tests;
using Finks.Pipelines;
using Finks.Pipelines.Flows;
using Finks.Pipelines.Stages;
using Finks.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace Finks.EndToEnd;

/// <summary>The stages in this process, on a lake of the test's choice and with a clock that stands still.</summary>
internal static class PipelineFixture
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A lake in folders with a catalog in SQLite.</summary>
    /// <param name="series">Another one for each workspace on the same lake.</param>
    public static LakeOptions Folders(string home, short series = 1) =>
        new() { Home = home, Clock = new FakeTimeProvider(Now), Ids = new SequentialIds(series) };

    public static Workspace Open(LakeOptions lake, int threads = 2) => Workspace.Open(new WorkspaceOptions
    {
        Lake = lake,
        Contracts = Checkout.PathOf("contracts"),
        DbtProject = Checkout.PathOf("dbt"),
        Threads = threads,
    });

    public static SyntheticMarket Market(int symbols = 8, int years = 3) => new(new DateOnly(2025, 12, 31), seed: 1, symbols, years);

    /// <summary>Brings all that the market shows into Bronze.</summary>
    public static async Task IngestAsync(Workspace workspace, IMarketSource market)
    {
        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), market, new RealClock());
        using var http = new HttpClient(FmpClient.CreateHandler());
        var options = new FmpOptions { BaseAddress = server.BaseAddress, ApiKey = "key-of-the-tests", CallsPerMinute = null };
        var ingestor = new Ingestor(workspace.Lake, workspace.Bronze, workspace.Coverage, new FmpClient(http, options, workspace.Clock, new Random(1)));
        await RunAsync(workspace, new IngestStage(ingestor, new IngestRequest
        {
            Contracts = workspace.Contracts.Contracts,
            Symbols = market.Symbols,
            Wanted = new DateRange(market.First, market.Until),
        }));
    }

    /// <summary>Bronze to Gold.</summary>
    public static Task BuildAsync(Workspace workspace) =>
        RunAsync(workspace, new CleanseStage(workspace, accepted: []), new TransformStage(workspace), new PublishStage(workspace));

    public static Task RunAsync(Workspace workspace, params IStage[] stages) =>
        new FlowRunner(workspace, new NoDisplay()).RunAsync(new StagesFlow("test", workspace, stages), new NoParameters(), TestContext.Current.CancellationToken);

    /// <summary>The live files of Silver and Gold: their folders and the hashes of their bytes. Names are left out, which are random.</summary>
    public static IReadOnlyList<string> Bytes(Workspace workspace)
    {
        var now = workspace.Lake.CurrentSnapshot();
        return
        [
            .. workspace.Lake.Tables(now).SelectMany(t => workspace.Lake.Files(t, now))
                .Select(f => $"{f.Key[..f.Key.LastIndexOf('/')]} {Hash(workspace.Lake.Store.Fetch([new(f.Key, f.Bytes)])[0])}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
