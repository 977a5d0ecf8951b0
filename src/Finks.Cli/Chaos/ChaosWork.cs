using System.Globalization;
using Finks.Cli.Commands;
using Finks.Lake.Maintenance;
using Finks.Pipelines;
using Finks.Pipelines.Flows;
using Finks.Pipelines.Publishing;
using Finks.Simulator;

namespace Finks.Cli.Chaos;

/// <summary>The work: a first load, some days later another, and a compaction. The source is a small synthetic market that this process serves.</summary>
internal sealed class ChaosWork : IAsyncDisposable
{
    public const string ApiKey = "finks-chaos-key";

    private const int Symbols = 2;

    /// <summary>Two years, so that the second load leaves a partition of every table as it is.</summary>
    private const int Years = 2;

    /// <summary>Between the two days lie prices, a dividend and a change of every profile.</summary>
    private static readonly DateOnly FirstDay = new(2025, 12, 1);

    private readonly List<SimulatorServer> _servers = [];

    private ChaosWork()
    {
    }

    public IReadOnlyList<ChaosStep> Steps { get; private set; } = [];

    public static async Task<ChaosWork> StartAsync(CancellationToken cancellation)
    {
        var market = new SyntheticMarket(SourceChoice.SyntheticUntil, symbols: Symbols, years: Years);
        var work = new ChaosWork();
        work.Steps =
        [
            await work.LoadAsync("first load", market.AsOf(FirstDay), cancellation),
            await work.LoadAsync("second load", market, cancellation),
            new ChaosStep("compaction", ["lake", "compact"], CompactAsync),
        ];
        return work;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
    }

    private static Task CompactAsync(Workspace workspace, CancellationToken cancellation)
    {
        new Compaction(workspace.Lake).Run(new CompactionRequest { Threads = workspace.Options.Threads }, new NoDisplay(), cancellation);
        new ManifestPublisher(workspace).Publish();
        return Task.CompletedTask;
    }

    private async Task<ChaosStep> LoadAsync(string name, SyntheticMarket market, CancellationToken cancellation)
    {
        // A row in every reply of prices breaks its contract, so that quarantine has something to lose.
        var fault = new FaultRule(FaultKind.TextForNumber) { Path = "*eod*", Symbol = market.Symbols[0], Field = "volume", Row = 3, Times = null };
        var server = await SimulatorServer.StartAsync(new SimulatorOptions { Faults = [fault] }, market, Composition.Clock, cancellation);
        _servers.Add(server);
        string[] command =
        [
            "run", "--symbols", string.Join(',', market.Symbols), "--from", Text(market.First), "--to", Text(market.Until),
            "--base-url", server.BaseAddress.ToString(), "--calls-per-minute", "0",
        ];
        return new ChaosStep(name, command, (workspace, stop) => LoadAsync(workspace, server.BaseAddress, market, stop));
        static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private static Task LoadAsync(Workspace workspace, Uri source, SyntheticMarket market, CancellationToken cancellation)
    {
        var parameters = new DailyParameters
        {
            Symbols = market.Symbols,
            From = market.First,
            To = market.Until,
            BaseUrl = source.ToString(),
            CallsPerMinute = 0,
            Retries = 0,
        };
        return new FlowRunner(workspace, new NoDisplay()).RunAsync(new DailyFlow(FlowChoice.Services(workspace, ApiKey)), parameters, cancellation);
    }
}
