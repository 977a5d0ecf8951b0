using System.Globalization;
using Finks.Benchmarks;

switch (args)
{
    case ["cleanse", var contracts, var prices, .. var rounds]:
        await new CleansingBenchmark(contracts, prices, rounds is [var n] ? int.Parse(n, CultureInfo.InvariantCulture) : 5).RunAsync();
        return 0;
    case ["lake", .. { Length: > 0 } millions]:
        LakeBenchmark.Run([.. millions.Select(m => int.Parse(m, CultureInfo.InvariantCulture))]);
        return 0;
    case ["tasks", var count, .. var python]:
        await new TaskBenchmark(int.Parse(count, CultureInfo.InvariantCulture), python is [var path] ? path : null).RunAsync();
        return 0;
    case [LakeBenchmark.One, var rows, var folder]:
        new LakeBenchmark(long.Parse(rows, CultureInfo.InvariantCulture), folder).RunOne();
        return 0;
    default:
        Console.Error.WriteLine("""
            usage: Finks.Benchmarks cleanse CONTRACTS PRICES.parquet [ROUNDS]   cleansing against DuckDB alone
                   Finks.Benchmarks lake MILLIONS…                              commit, compact and scan that many million rows, for instance 1 10 100
                   Finks.Benchmarks tasks COUNT [PYTHON]                        what a task costs; beside Prefect's engine when PYTHON has it
            """);
        return 2;
}
