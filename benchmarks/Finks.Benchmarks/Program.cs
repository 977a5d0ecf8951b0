using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using Finks.Cleansing;
using Finks.Contracts;
using Finks.Fmp;
using Finks.Ingestion;
using Finks.Ingestion.Planning;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Simulator;

// Cleansing against DuckDB alone on the same Bronze files, turn about, in one run.
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: Finks.Benchmarks CONTRACTS PRICES.parquet [ROUNDS]");
    return 2;
}

const string dataset = "eod_price_raw";
var rounds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 5;
var clock = new Clock();
var contract = ContractCatalog.Load(args[0]).Get(dataset);
var market = PriceFile.Open(args[1]);
var folder = Directory.CreateTempSubdirectory("finks-benchmark-").FullName;
try
{
    await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), market, clock);
    var ratios = new List<double>();
    for (var round = 0; round <= rounds; round++)
    {
        // A new lake each time: cleansing marks its batches as read.
        using var lake = DataLake.Open(new LakeOptions { Home = Path.Combine(folder, $"lake-{round}"), Clock = clock, Ids = new Ids() });
        var bronze = new BronzeStore(lake);
        await IngestAsync(lake, bronze, server.BaseAddress);
        var bytes = bronze.All().Sum(b => b.BodyBytes);

        var duckdb = Time(() => DuckDbOnly(bronze, Path.Combine(folder, $"duckdb-{round}")));
        DatasetCounts? counts = null;
        var finks = Time(() => counts = new Cleanser(lake, bronze).Run(new CleanseRequest { Contracts = [contract], RunId = $"round-{round}" }, new Progress<string>(), CancellationToken.None).Datasets[0]);
        if (round == 0)
            continue; // The first round compiles and warms the page cache.
        ratios.Add(finks / duckdb);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"round {round}: {counts!.RowsIn:N0} rows, {bytes / 1e6:N0} MB of JSON; Finks {finks:0.00} s ({counts.RowsIn / finks:N0} rows/s), DuckDB alone {duckdb:0.00} s, ratio {finks / duckdb:0.00}"));
    }

    ratios.Sort();
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio Finks / DuckDB alone: {ratios[ratios.Count / 2]:0.00}; peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:N0} MB"));
    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}

double Time(Action work)
{
    var start = clock.GetTimestamp();
    work();
    return clock.GetElapsedTime(start).TotalSeconds;
}

async Task IngestAsync(DataLake lake, BronzeStore bronze, Uri address)
{
    using var http = new HttpClient(FmpClient.CreateHandler());
    var client = new FmpClient(http, new FmpOptions { BaseAddress = address, ApiKey = "benchmark-key", CallsPerMinute = null }, clock, new Random(1));
    var request = new IngestRequest { Contracts = [contract], Symbols = market.Symbols, Wanted = new DateRange(market.First, market.Until) };
    await new Ingestor(lake, bronze, new CoverageLedger(lake), client).RunAsync(request, "benchmark", new Progress<IngestProgress>(), CancellationToken.None);
}

static void DuckDbOnly(BronzeStore bronze, string target)
{
    using var connection = new DuckDBConnection("DataSource=:memory:");
    connection.Open();
    using var command = connection.CreateCommand();
    using var sql = new StreamReader(typeof(Clock).Assembly.GetManifestResourceStream("duckdb_only.sql")!);
    command.CommandText = sql.ReadToEnd()
        .Replace("$bronze", $"[{string.Join(", ", bronze.All().Select(b => $"'{b.Path}'"))}]", StringComparison.Ordinal)
        .Replace("$target", $"'{target}'", StringComparison.Ordinal);
    command.ExecuteNonQuery();
}

internal sealed class Clock : TimeProvider;

internal sealed class Ids : IdSource
{
    private int _last;

    public override Guid Next()
    {
        var bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes, Interlocked.Increment(ref _last));
        return new Guid(bytes);
    }
}
