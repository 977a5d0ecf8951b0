using Finks.Contracts;
using Finks.Fmp;
using Finks.Ingestion.Planning;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Tests;
using Finks.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Ingestion.Tests;

/// <summary>A lake in a folder of its own and a simulator to fill it from. The clock moves by itself, so that no delay waits.</summary>
internal sealed class IngestionFixture : IAsyncDisposable
{
    public const string Key = "a-key-that-must-not-leak";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new(FmpClient.CreateHandler());
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 2, 22, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
    private readonly SimulatorServer _server;
    private int _runs;

    private IngestionFixture(SimulatorServer server)
    {
        _server = server;
        Lake = DataLake.Open(new LakeOptions { Home = _folder.File("lake"), Clock = _clock, Ids = new SequentialIds() });
        Bronze = new BronzeStore(Lake);
        Ledger = new CoverageLedger(Lake);
        // One try: what a retry does is the client's own test.
        Client = new FmpClient(_http, new FmpOptions { BaseAddress = server.BaseAddress, ApiKey = Key, CallsPerMinute = null, MaxAttempts = 1, MaxAttemptsForGarbage = 1 }, _clock, new Random(1));
    }

    public static ContractCatalog Contracts { get; } = ContractCatalog.Load(Checkout.PathOf("contracts"));

    public DataLake Lake { get; }

    public BronzeStore Bronze { get; }

    public CoverageLedger Ledger { get; }

    public FmpClient Client { get; }

    public SimulatorServer Server => _server;

    public string Home => Lake.Paths.Home;

    public static async Task<IngestionFixture> StartAsync(IMarketSource source, params FaultRule[] faults) =>
        new(await SimulatorServer.StartAsync(new SimulatorOptions { Faults = faults }, source, new RealClock()));

    public Task<IngestReport> IngestAsync(IReadOnlyList<string>? datasets = null, DateRange? wanted = null)
    {
        var source = _server.Source;
        var request = new IngestRequest
        {
            Contracts = datasets is null ? Contracts.Contracts : [.. datasets.Select(Contracts.Get)],
            Symbols = source.Symbols,
            Wanted = wanted ?? new DateRange(source.First, source.Until),
        };
        return new Ingestor(Lake, Bronze, Ledger, Client).RunAsync(request, $"run-{++_runs}", new Progress<IngestProgress>(), CancellationToken.None);
    }

    /// <summary>All replies in Bronze.</summary>
    public IReadOnlyList<ReceivedReply> Replies(string? dataset = null)
    {
        using var connection = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:");
        connection.Open();
        return [.. Bronze.All().Where(b => dataset is null || b.Dataset == dataset).SelectMany(b => BronzeReader.Read(connection, Lake.Store, b).Select(r => r.Reply).ToList())];
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
        Lake.Dispose();
        _folder.Dispose();
    }
}
