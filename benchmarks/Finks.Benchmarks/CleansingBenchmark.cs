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

namespace Finks.Benchmarks;

/// <summary>Cleansing against DuckDB alone on the same Bronze files, turn about, in one run.</summary>
internal sealed class CleansingBenchmark(string contracts, string prices, int rounds)
{
    private const string Dataset = "eod_price_raw";

    private readonly Clock _clock = new();
    private readonly Contract _contract = ContractCatalog.Load(contracts).Get(Dataset);
    private readonly PriceFile _market = PriceFile.Open(prices);

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("finks-benchmark-").FullName;
        try
        {
            await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), _market, _clock);
            var ratios = new List<double>();
            for (var round = 0; round <= rounds; round++)
            {
                // A new lake each time: cleansing marks its batches as read.
                using var lake = DataLake.Open(new LakeOptions { Home = Path.Combine(folder, $"lake-{round}"), Clock = _clock, Ids = new Ids() });
                var bronze = new BronzeStore(lake);
                await IngestAsync(lake, bronze, server.BaseAddress);
                var bytes = bronze.All().Sum(b => b.BodyBytes);

                var duckdb = _clock.Time(() => DuckDbOnly(lake, bronze, Path.Combine(folder, $"duckdb-{round}")));
                DatasetCounts? counts = null;
                var finks = _clock.Time(() => counts = new Cleanser(lake, bronze, _clock).Run(new CleanseRequest { Contracts = [_contract], RunId = $"round-{round}" }, new Progress<string>(), CancellationToken.None).Datasets[0]);
                if (round == 0)
                    continue; // The first round compiles and warms the page cache.
                ratios.Add(finks / duckdb);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"round {round}: {counts!.RowsIn:N0} rows, {bytes / 1e6:N0} MB of JSON; Finks {finks:0.00} s ({counts.RowsIn / finks:N0} rows/s), DuckDB alone {duckdb:0.00} s, ratio {finks / duckdb:0.00}"));
            }

            ratios.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio Finks / DuckDB alone: {ratios[ratios.Count / 2]:0.00}; peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1e6:N0} MB"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task IngestAsync(DataLake lake, BronzeStore bronze, Uri address)
    {
        using var http = new HttpClient(FmpClient.CreateHandler());
        var client = new FmpClient(http, new FmpOptions { BaseAddress = address, ApiKey = "benchmark-key", CallsPerMinute = null }, _clock, new Random(1));
        var request = new IngestRequest { Contracts = [_contract], Symbols = _market.Symbols, Wanted = new DateRange(_market.First, _market.Until) };
        await new Ingestor(lake, bronze, new CoverageLedger(lake), client).RunAsync(request, "benchmark", new Progress<IngestProgress>(), CancellationToken.None);
    }

    private static void DuckDbOnly(DataLake lake, BronzeStore bronze, string target)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        using var sql = new StreamReader(typeof(Clock).Assembly.GetManifestResourceStream("duckdb_only.sql")!);
        command.CommandText = sql.ReadToEnd()
            .Replace("$bronze", $"[{string.Join(", ", bronze.All().Select(b => $"'{Path.Combine(lake.Paths.Home, b.Key)}'"))}]", StringComparison.Ordinal)
            .Replace("$target", $"'{target}'", StringComparison.Ordinal);
        command.ExecuteNonQuery();
    }
}
