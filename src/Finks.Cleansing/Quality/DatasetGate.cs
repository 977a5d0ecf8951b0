using System.Globalization;
using DuckDB.NET.Data;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Bronze;

namespace Finks.Cleansing.Quality;

/// <summary>What the gate has found of one dataset, for the verdict and for the ledger.</summary>
internal sealed record DatasetQuality(Contract Contract, IReadOnlyList<CheckResult> Results)
{
    /// <summary>What later runs are compared with, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    public IReadOnlyList<SchemaDrift> Drifts { get; init; } = [];

    /// <summary>What the rows have shown of their fields; null when they are rows of earlier runs, which have been counted.</summary>
    public FieldTallies? Fields { get; init; }
}

/// <summary>The gate before Silver: judges the staged rows of one dataset before anything is committed.</summary>
internal sealed class DatasetGate(GateScope scope, QualityLedger ledger, Contract contract, DuckDBConnection database)
{
    /// <summary>The rows that would be added to Silver.</summary>
    private const string NewRows = "new_row";

    private readonly RuleChecks _rules = new(scope, contract, database);
    private IReadOnlyList<CheckResult> _ofRows = [];

    /// <summary>Before versions are resolved: takes away the rows that rules send to quarantine.</summary>
    public void Quarantine(BronzeStore bronze, IReadOnlyList<BronzeBatch> batches) => _ofRows = _rules.Quarantine(bronze, batches);

    /// <summary>After versions are resolved: judges a run of new replies.</summary>
    public DatasetQuality JudgeRun(DatasetCounts counts, FieldTallies fields)
    {
        ShowNewRows();
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        var history = new HistoryChecks(scope, ledger, contract, database);
        var measures = new Measures();
        _rules.Want(measures);
        history.Want(measures);
        var measured = measures.Take(database, NewRows);

        var drift = new DriftChecks(scope, contract, database, fields, ledger.Fields(contract.Dataset));
        var drifts = drift.Find();
        List<CheckResult> results = [Refusals(counts), .. _ofRows, .. _rules.Judge(measured, NewRows), .. history.Judge(counts, measured, metrics), .. drift.Judge(drifts)];
        if (FreshnessCheck.OfRun(scope, contract, database, "new_version") is { } freshness)
            results.Add(freshness);
        return new DatasetQuality(contract, results) { Metrics = metrics, Drifts = drifts, Fields = fields };
    }

    /// <summary>Judges rows that come back from quarantine: by the contract's rules alone, since they are no run of their own.</summary>
    public DatasetQuality JudgeReplay()
    {
        ShowNewRows();
        var measures = new Measures();
        _rules.Want(measures);
        // A rule on how many rows there are is about replies, of which these are a part.
        return new DatasetQuality(contract, [.. _ofRows, .. _rules.Judge(measures.Take(database, NewRows), NewRows)
            .Where(r => contract.Quality.Rules.First(rule => rule.Name == r.Check).Metric != QualityMetric.RowCount)]);
    }

    private void ShowNewRows() => database.Execute($"create or replace temp view {NewRows} as select * from new_version where not removed");

    private CheckResult Refusals(DatasetCounts counts)
    {
        var terms = contract.Quality.Refusals;
        var share = counts.RowsIn == 0 ? 0 : (double)counts.Quarantined / counts.RowsIn;
        var passed = counts.Quarantined < terms.Rows || share <= terms.Share;
        var found = string.Create(CultureInfo.InvariantCulture, $"{counts.Quarantined:N0} of {counts.RowsIn:N0} rows break the contract");
        var expected = string.Create(CultureInfo.InvariantCulture, $"at most {terms.Share * 100:0.##} % of the rows, or fewer than {terms.Rows}");
        return scope.Verdict(contract, CheckNames.RowsRefused, terms.Consequence, passed, found, expected) with
        {
            Credit = 1 - share,
            Dimension = "conformity",
            Examples = [.. counts.Reasons.Select(r => new ExampleRow(string.Create(CultureInfo.InvariantCulture, $"{r.Rows:N0} × {r.Reason}"), new BronzePlace(r.BronzeBatch, r.BronzeLine, r.BronzeRow)))],
            Remedy = "Mend the contract if the source has changed; rows that are accepted go to quarantine, from which `finks quarantine replay` brings them back later.",
        };
    }
}
