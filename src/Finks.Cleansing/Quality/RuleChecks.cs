using System.Globalization;
using DuckDB.NET.Data;
using Finks.Cleansing.Privacy;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Files;

namespace Finks.Cleansing.Quality;

/// <summary>The checks that a contract's <c>quality</c> lists describe: metrics, and queries of its author.</summary>
internal sealed class RuleChecks(GateScope scope, Contract contract, DuckDBConnection database)
{
    private const int ExamplesShown = 5;

    /// <summary>Moves the rows that rules with the action quarantine refuse from <c>staged</c> to <c>rejected</c>.</summary>
    public IReadOnlyList<CheckResult> Quarantine(BronzeStore bronze, IReadOnlyList<BronzeBatch> batches)
    {
        var rules = contract.Quality.Rules.Where(r => r.Consequence.Action == CheckAction.Quarantine).ToList();
        if (rules.Count == 0)
            return [];
        var conditions = rules.ToDictionary(r => r.Name, r => RuleSql.RowsAtFault(r, contract, KnownAndStaged())!);
        var measures = new Measures();
        foreach (var rule in rules.Where(r => r.Query is null))
            measures.Want(rule.Name, $"{(rule.Percent ? "100.0 / count(*) * " : "")}count(*) filter ({conditions[rule.Name]})");
        var measured = measures.Take(database, "staged");
        var results = rules.ConvertAll(rule => Judge(rule, measured, "staged", conditions[rule.Name]));
        var failed = rules.Where((_, i) => results[i].Outcome == CheckOutcome.Failed).ToList();
        if (failed.Count > 0)
        {
            RefusedRows.Append(database, bronze, batches, new PersonalRows(contract, scope.Masking), failed.SelectMany(r => AtFault(r, conditions[r.Name])).ToList());
            database.Execute("delete from staged using rejected r where (staged.bronze_batch, staged.bronze_line, staged.bronze_row) = (r.bronze_batch, r.bronze_line, r.bronze_row)");
        }

        return results;
    }

    /// <summary>Asks <paramref name="measures"/> for what the other rules measure.</summary>
    public void Want(Measures measures)
    {
        foreach (var rule in Others().Where(r => r.Query is null))
            measures.Want(rule.Name, RuleSql.Measure(rule, contract));
    }

    /// <summary>Judges the other rules.</summary>
    /// <param name="measured">What was measured of <paramref name="rows"/>.</param>
    /// <param name="rows">The relation that holds the new rows.</param>
    public IEnumerable<CheckResult> Judge(IReadOnlyDictionary<string, double> measured, string rows) =>
        Others().Select(rule => Judge(rule, measured, rows, RuleSql.RowsAtFault(rule, contract, rows)));

    private IEnumerable<QualityRule> Others() => contract.Quality.Rules.Where(r => r.Consequence.Action != CheckAction.Quarantine);

    private CheckResult Judge(QualityRule rule, IReadOnlyDictionary<string, double> measured, string rows, string? atFault)
    {
        var value = rule.Query is null ? measured.TryGetValue(rule.Name, out var known) ? known : (double?)null : RunQuery(rule, rows);
        var what = rule.Query is not null ? "the query gives" : rule.Metric == QualityMetric.RowCount ? "new rows:" : rule.Percent ? "percent of the new rows:" : "rows:";
        var expected = rule.Limit.ToString();
        if (value is not { } found)
            return GateScope.NoVerdict(contract, rule.Name, rule.Consequence, $"{what} nothing", expected) with { Dimension = rule.Dimension };
        var passed = rule.Limit.Allows(found);
        return scope.Verdict(contract, rule.Name, rule.Consequence, passed, $"{what} {found.ToString("0.######", CultureInfo.InvariantCulture)}", expected) with
        {
            Dimension = rule.Dimension,
            BusinessImpact = rule.BusinessImpact,
            Examples = passed || atFault is null ? [] : Examples(rule, rows, atFault),
        };
    }

    private double? RunQuery(QualityRule rule, string rows)
    {
        using var command = database.CreateCommand();
        // DuckDB's query() takes a single select and nothing that writes.
        command.CommandText = $"select columns(*)::double from query({SqlText.Literal(RuleSql.Query(rule, rows))})";
        return Run(rule, command.ExecuteScalar) is double value ? value : null;
    }

    private List<ExampleRow> Examples(QualityRule rule, string rows, string atFault)
    {
        using var command = database.CreateCommand();
        var key = contract.Key.Select(SqlText.Name).ToList();
        command.CommandText = $"""
            select concat_ws(', ', {string.Join(", ", contract.Key.Zip(key, (name, quoted) => $"{SqlText.Literal(name + "=")} || {quoted}::varchar"))}), bronze_batch, bronze_line, bronze_row
            from {rows} where {atFault} order by bronze_batch, bronze_line, bronze_row limit {ExamplesShown}
            """;
        using var reader = Run(rule, command.ExecuteReader);
        var examples = new List<ExampleRow>();
        while (reader.Read())
            examples.Add(new ExampleRow(reader.GetString(0), new BronzePlace(reader.GetInt64(1), reader.GetInt32(2), reader.GetInt32(3))));
        return examples;
    }

    private List<(BronzePlace Place, string Reason)> AtFault(QualityRule rule, string condition)
    {
        using var command = database.CreateCommand();
        command.CommandText = $"select bronze_batch, bronze_line, bronze_row from staged where {condition} order by all";
        using var reader = Run(rule, command.ExecuteReader);
        var places = new List<(BronzePlace, string)>();
        while (reader.Read())
            places.Add((new BronzePlace(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2)), $"the check {rule.Name} refuses the row{Why(rule)}"));
        return places;
    }

    private static string Why(QualityRule rule) => rule switch
    {
        { RowsAtFault: { } condition } => $": {condition}",
        { Metric: QualityMetric.DuplicateValues } => $": another key has the same {string.Join(", ", rule.Columns)}",
        { Metric: QualityMetric.NullValues or QualityMetric.MissingValues } => $": {rule.Columns[0]} has no value",
        _ => $": the value of {rule.Columns[0]} is not valid",
    };

    // What Silver says of other keys counts as well.
    private string KnownAndStaged()
    {
        var columns = string.Join(", ", contract.Columns.Select(c => SqlText.Name(c.Name)).Append("known_from, bronze_batch, bronze_line, bronze_row"));
        var key = string.Join(", ", contract.Key.Select(SqlText.Name));
        return $"""
            (select {columns} from (select * from history qualify row_number() over (partition by {key} order by known_from desc) = 1) where not removed
             union all select {columns} from staged)
            """;
    }

    private T Run<T>(QualityRule rule, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DuckDBException error)
        {
            throw new CleanseException(
                $"{contract.Dataset}: the SQL of the quality rule '{rule.Name}' in {contract.File} cannot be run, so nothing was committed: {error.Message.Trim()}\n"
                + "Mend the rule, then run `finks cleanse`. In its text {object} stands for the new rows and {property} for the rule's column.");
        }
    }
}
