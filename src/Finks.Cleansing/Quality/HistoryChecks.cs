using System.Globalization;
using DuckDB.NET.Data;
using Finks.Contracts;
using Finks.Lake.Files;

namespace Finks.Cleansing.Quality;

/// <summary>Compares the volume and the distribution of a run's rows with those of the runs before it.</summary>
internal sealed class HistoryChecks(GateScope scope, QualityLedger ledger, Contract contract, DuckDBConnection database)
{
    private const string NewRows = "new_rows";

    /// <summary>Asks <paramref name="measures"/> for what the distributions need.</summary>
    public void Want(Measures measures)
    {
        if (contract.Quality.Distributions.Count > 0)
            measures.Want(NewRows, "count(*)");
        foreach (var (name, watched, measure) in Watched())
        {
            var column = SqlText.Name(watched.Column);
            measures.Want(name, measure switch
            {
                DistributionTerms.NullShare => $"count(*) filter ({column} is null) / count(*)",
                DistributionTerms.Median => $"median({column}::double)",
                _ => $"avg({column}::double)",
            });
        }
    }

    /// <summary>Judges volume and distributions, and adds to <paramref name="metrics"/> what later runs shall be compared with.</summary>
    public IEnumerable<CheckResult> Judge(DatasetCounts counts, IReadOnlyDictionary<string, double> measured, IDictionary<string, double> metrics)
    {
        var history = ledger.Metrics(contract.Dataset, contract.Quality.Distributions.Select(d => d.History).Append(contract.Quality.Volume).Max(t => t.History));
        var results = new List<CheckResult>();
        var (volume, unit) = Volume(counts);
        results.Add(Compare(CheckNames.RowVolume, volume, contract.Quality.Volume, isShare: false, unit, history, metrics));
        foreach (var (name, watched, measure) in Watched())
        {
            var enough = measured[NewRows] >= watched.Rows;
            double? value = enough && measured.TryGetValue(name, out var found) ? found : null;
            results.Add(Compare(name, value, watched.History, measure == DistributionTerms.NullShare, "", history, metrics));
        }

        return results;
    }

    private IEnumerable<(string Name, DistributionTerms Watched, string Measure)> Watched() =>
        contract.Quality.Distributions.SelectMany(w => w.Measures.Select(m => ($"{w.Column}.{m}", w, m)));

    private CheckResult Compare(
        string check, double? measured, HistoryTerms terms, bool isShare, string unit, IReadOnlyDictionary<string, IReadOnlyList<double>> history, IDictionary<string, double> metrics)
    {
        if (measured is not { } value)
            return GateScope.NoVerdict(contract, check, terms.Consequence, "too few new rows", "like earlier runs");
        metrics[check] = value;
        var found = string.Create(CultureInfo.InvariantCulture, $"{value:0.######}{unit}");
        var earlier = history.GetValueOrDefault(check, []).Take(terms.History).ToList();
        if (earlier.Count < terms.Least)
            return GateScope.NoVerdict(contract, check, terms.Consequence, found, $"like earlier runs, of which there are {earlier.Count} and must be {terms.Least}");
        var range = RobustRange.Of(earlier, terms, isShare);
        return scope.Verdict(contract, check, terms.Consequence, range.Holds(value), found, $"{range} after {earlier.Count} earlier runs") with
        {
            Remedy = "The source may have cut its replies short, or dropped or changed a field: look at a reply with `finks trace`.",
        };
    }

    // A reply about a range of dates has as many rows as days were asked for, so only how densely it fills them can be compared.
    private (double? Value, string Unit) Volume(DatasetCounts counts)
    {
        if (contract.Source.Window == RequestWindow.Whole || (contract.CompleteWithin?.Range ?? contract.PartitionByYearOf) is not { } date)
            return (counts.Replies == 0 ? null : (double)counts.RowsIn / counts.Replies, " rows per reply");
        var column = SqlText.Name(date);
        var (rows, days) = (0d, 0d);
        using var command = database.CreateCommand();
        command.CommandText = $"""
            select coalesce(sum(reply_rows), 0)::double, coalesce(sum(days), 0)::double
            from (select count(*) as reply_rows, max({column}) - min({column}) + 1 as days from staged group by bronze_batch, bronze_line)
            """;
        using var reader = command.ExecuteReader();
        if (reader.Read())
            (rows, days) = (reader.GetDouble(0), reader.GetDouble(1));
        return (days == 0 ? null : rows / days, " rows per day between the first and the last of a reply");
    }
}
