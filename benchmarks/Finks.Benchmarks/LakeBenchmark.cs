using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using Finks.Lake;
using Finks.Lake.Files;
using Finks.Lake.Maintenance;

namespace Finks.Benchmarks;

/// <summary>
/// Commits synthetic daily bars as a backfill brings them (all years of some symbols at a time), compacts the table and scans it, each size in a
/// process of its own whose peak memory counts. DuckDB alone writes the same rows sorted by year for comparison.
/// </summary>
internal sealed class LakeBenchmark(long rows, string folder)
{
    public const string One = "lake-one";

    private const int Days = 10_000;
    private const long MostRowsPerCommit = 1_000_000;

    private static readonly TableDefinition Bars = new(
        "silver", "bars", "dev-silver-zone/", "bars/",
        [
            new("symbol", "VARCHAR", false), new("date", "DATE", false), new("open", "DECIMAL(28,8)"), new("high", "DECIMAL(28,8)"),
            new("low", "DECIMAL(28,8)"), new("close", "DECIMAL(28,8)"), new("volume", "DECIMAL(28,8)"),
        ],
        "date", [new("symbol"), new("date")]);

    private readonly Clock _clock = new();

    public static void Run(IReadOnlyList<int> millions)
    {
        Console.WriteLine("rows          commits  commit s  rows/s     DuckDB alone s  files  compact s  files  scan s  peak MB");
        foreach (var size in millions)
        {
            var folder = Directory.CreateTempSubdirectory("finks-benchmark-").FullName;
            try
            {
                var start = new ProcessStartInfo(Environment.ProcessPath!);
                foreach (var argument in new[] { One, (size * 1_000_000L).ToString(CultureInfo.InvariantCulture), folder })
                    start.ArgumentList.Add(argument);
                using var process = Process.Start(start)!;
                process.WaitForExit();
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    public void RunOne()
    {
        using var lake = DataLake.Open(new LakeOptions { Home = Path.Combine(folder, "lake"), Clock = _clock, Ids = new Ids() });
        var commits = Math.Max(2, rows / MostRowsPerCommit);
        var perCommit = rows / commits / Days;
        var commit = _clock.Time(() =>
        {
            for (var i = 0L; i < commits; i++)
                Commit(lake, i, Select(i * perCommit, perCommit));
        });
        var before = Files(lake);
        var compact = _clock.Time(() => new Compaction(lake).Run(new CompactionRequest(), new Progress<MaintenanceProgress>(), CancellationToken.None));
        var after = Files(lake);
        var scan = _clock.Time(() => Scan(lake, commits * perCommit * Days));
        var peak = Process.GetCurrentProcess().PeakWorkingSet64;
        var alone = _clock.Time(() =>
        {
            for (var i = 0L; i < commits; i++)
                Alone(Path.Combine(folder, $"alone-{i}"), Select(i * perCommit, perCommit));
        });
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rows,-12:N0}  {commits,7}  {commit,8:0.0}  {rows / commit,9:N0}  {alone,14:0.0}  {before,5}  {compact,9:0.0}  {after,5}  {scan,6:0.00}  {peak / 1e6,7:N0}"));
    }

    private static string Select(long firstSymbol, long symbols) => $"""
        select 'S' || lpad(s::varchar, 6, '0') as symbol, date '1990-01-01' + d::integer as date,
            (100 + h % 1000 / 8)::decimal(28,8) as open, (101 + h % 1000 / 8)::decimal(28,8) as high, (99 + h % 1000 / 8)::decimal(28,8) as low,
            (100 + h % 1009 / 8)::decimal(28,8) as close, (h % 10000000)::decimal(28,8) as volume
        from (select s, d, hash(s * {Days} + d) % 1000000000 as h from range({firstSymbol}, {firstSymbol + symbols}) t(s), range({Days}) u(d))
        """;

    private static void Commit(DataLake lake, long number, string select)
    {
        using var scratch = ScratchDatabase.Open(lake, Environment.ProcessorCount);
        var files = lake.Writer.Write(scratch.Connection, Bars, select, new FileNaming("bars", lake.Ids));
        lake.Commit(new LakeCommit
        {
            IdempotencyKey = $"benchmark {number}",
            Author = "benchmark",
            Message = $"commit {number}",
            Writes = [new TableWrite(Bars, WriteMode.Append, files)],
        });
    }

    private static int Files(DataLake lake)
    {
        var now = lake.CurrentSnapshot();
        return lake.Files(lake.FindTable("silver", "bars", now)!, now).Count;
    }

    private static void Scan(DataLake lake, long expected)
    {
        var now = lake.CurrentSnapshot();
        using var scratch = ScratchDatabase.Open(lake, Environment.ProcessorCount);
        var found = scratch.Connection.Scalar<long>(
            $"select sum(n)::bigint from (select symbol, count(*) as n, max(high), avg(close) from ({lake.ReadSql(lake.FindTable("silver", "bars", now)!, now)}) group by symbol)");
        if (found != expected)
            throw new InvalidOperationException($"{found} rows of {expected} were read back.");
    }

    private static void Alone(string target, string select)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        connection.Execute(
            $"copy (select *, year(date) as year from ({select}) order by year, symbol, date) to {SqlText.Literal(target)} (format parquet, compression zstd, compression_level 1, partition_by (year))");
    }
}
