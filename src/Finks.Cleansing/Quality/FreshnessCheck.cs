using System.Globalization;
using DuckDB.NET.Data;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Files;

namespace Finks.Cleansing.Quality;

/// <summary>How old the newest row of a dataset is.</summary>
public static class FreshnessCheck
{
    /// <summary>Judges the Silver table as committed.</summary>
    /// <returns>Null when the contract sets no age, or there is no such table.</returns>
    public static CheckResult? OfSilver(DataLake lake, Snapshot snapshot, Contract contract, DateTimeOffset now)
    {
        if (contract.Quality.Freshness is not { } terms || lake.FindTable(SilverColumns.Schema, contract.Dataset, snapshot) is not { } table)
            return null;
        using var database = DuckDb.OpenInMemory();
        var newest = Newest(database, $"({lake.ReadSql(table, snapshot)})", terms, now);
        return Verdict(new GateScope(lake, snapshot, now, [], null), contract, terms, newest);
    }

    /// <summary>Judges Silver with the run's new rows; looks into the files only when the new rows are too old.</summary>
    internal static CheckResult? OfRun(GateScope scope, Contract contract, DuckDBConnection database, string newRows)
    {
        if (contract.Quality.Freshness is not { } terms)
            return null;
        var newest = Newest(database, newRows, terms, scope.Now);
        if (!IsFresh(newest, terms, scope.Now) && scope.Lake.FindTable(SilverColumns.Schema, contract.Dataset, scope.Snapshot) is { } table)
        {
            var known = Newest(database, $"({scope.Lake.ReadSql(table, scope.Snapshot)})", terms, scope.Now);
            newest = known > newest || newest is null ? known : newest;
        }

        return Verdict(scope, contract, terms, newest);
    }

    private static CheckResult Verdict(GateScope scope, Contract contract, FreshnessTerms terms, DateTime? newest)
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"{terms.Column} at most {Age(terms.MaxAge)} old");
        if (newest is not { } time)
            return GateScope.NoVerdict(contract, CheckNames.Freshness, terms.Consequence, "no row", expected);
        var found = string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm}").Replace(" 00:00", "", StringComparison.Ordinal);
        return scope.Verdict(contract, CheckNames.Freshness, terms.Consequence, IsFresh(newest, terms, scope.Now), $"newest {found}, {Age(scope.Now.UtcDateTime - time)} old", expected) with
        {
            Dimension = "timeliness",
            Remedy = "Ask the source for more with `finks run`; if it has nothing newer, the symbols may be delisted.",
        };
    }

    // Dates beyond today are announced or wrong; neither makes the rest fresh.
    private static DateTime? Newest(DuckDBConnection database, string rows, FreshnessTerms terms, DateTimeOffset now)
    {
        var column = SqlText.Name(terms.Column);
        using var command = database.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture,
            $"select max({column})::timestamp from {rows} where not removed and {column} <= timestamptz '{now.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'");
        return command.ExecuteScalar() as DateTime?;
    }

    // A date stands for its whole day: one of yesterday is a day old however late it is.
    private static bool IsFresh(DateTime? newest, FreshnessTerms terms, DateTimeOffset now) =>
        newest is { } time && (time.TimeOfDay == TimeSpan.Zero && terms.MaxAge.TotalDays >= 1 ? now.UtcDateTime.Date - time : now.UtcDateTime - time) <= terms.MaxAge;

    private static string Age(TimeSpan age) => age.TotalDays >= 2
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(age.TotalDays):0} days")
        : string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0.#} hours");
}
