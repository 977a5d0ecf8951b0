using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Storage;

namespace Finks.Cleansing.Quality;

/// <summary>A check's result as the ledger keeps it.</summary>
/// <param name="SnapshotId">The commit that it belongs to; null when the run was blocked.</param>
public sealed record RecordedResult(string RunId, DateTimeOffset CheckedAt, long? SnapshotId, CheckResult Result);

/// <summary>A drift as the ledger keeps it.</summary>
/// <param name="ResolvedAt">Null while it goes on.</param>
public sealed record RecordedDrift(string Dataset, string Field, DriftKind Kind, string Evidence, long Rows, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, DateTimeOffset? ResolvedAt);

/// <summary>Results of checks, what they measured, and where sources have left their contracts, kept in the metadata database.</summary>
public sealed class QualityLedger
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly LakeDatabase _database;

    /// <summary>Opens the ledger, and creates its tables in a new lake.</summary>
    public QualityLedger(DataLake lake)
    {
        _database = lake.Database;
        _database.EnsureTables("quality", 1, EmbeddedSql.Read(Assembly.GetExecutingAssembly(), "quality-tables.sql"));
    }

    /// <summary>All results, oldest first.</summary>
    public IReadOnlyList<RecordedResult> Results() => _database.Read(reader => reader.Query(
        """
        select run_id, checked_at, snapshot_id, dataset, check_name, severity, action, outcome, credit, found, expected, examples, dimension
        from finks_quality_result order by checked_at, run_id, dataset, check_name
        """,
        row => new RecordedResult(row.GetString(0), UtcText.Parse(row.GetString(1)), row.Number(2), new CheckResult
        {
            Dataset = row.GetString(3),
            Check = row.GetString(4),
            Consequence = new Consequence(Enum.Parse<Severity>(row.GetString(5), ignoreCase: true), Enum.Parse<CheckAction>(row.GetString(6), ignoreCase: true)),
            Outcome = Enum.Parse<CheckOutcome>(row.GetString(7), ignoreCase: true),
            Credit = row.GetDouble(8),
            Found = row.GetString(9),
            Expected = row.GetString(10),
            Examples = JsonSerializer.Deserialize<List<ExampleRow>>(row.GetString(11), Json) ?? [],
            Dimension = row.Text(12),
        })));

    /// <summary>Drifts, newest first.</summary>
    /// <param name="alsoResolved">Also those that have ended.</param>
    public IReadOnlyList<RecordedDrift> Drifts(bool alsoResolved = false) => _database.Read(reader => reader.Query(
        $"""
        select dataset, field, kind, evidence, row_count, first_seen_at, last_seen_at, resolved_at from finks_schema_drift
        {(alsoResolved ? "" : "where resolved_at is null")} order by last_seen_at desc, dataset, field, kind
        """,
        row => new RecordedDrift(
            row.GetString(0), row.GetString(1), Enum.Parse<DriftKind>(row.GetString(2), ignoreCase: true), row.GetString(3), row.GetInt64(4),
            UtcText.Parse(row.GetString(5)), UtcText.Parse(row.GetString(6)), row.Text(7) is { } at ? UtcText.Parse(at) : null)));

    /// <summary>What the latest committed runs of a dataset have measured, by metric, newest first.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<double>> Metrics(string dataset, int runs) => _database.Read(reader => reader.Query(
            """
            select metric, value from finks_quality_metric
            where dataset = @dataset and run_id in (select run_id from finks_quality_metric where dataset = @dataset group by run_id order by max(measured_at) desc limit @runs)
            order by measured_at desc, run_id desc
            """,
            row => (Metric: row.GetString(0), Value: row.GetDouble(1)), ("dataset", dataset), ("runs", runs))
        .GroupBy(m => m.Metric).ToDictionary(g => g.Key, g => (IReadOnlyList<double>)[.. g.Select(m => m.Value)]));

    /// <summary>How many of a dataset's committed rows had which column's field.</summary>
    internal IReadOnlyDictionary<string, FieldHistory> Fields(string dataset) => _database.Read(reader => reader.Query(
            "select field, rows_read, rows_with from finks_field where dataset = @dataset",
            row => (Field: row.GetString(0), History: new FieldHistory(row.GetInt64(1), row.GetInt64(2))), ("dataset", dataset))
        .ToDictionary(f => f.Field, f => f.History));

    /// <summary>Records what the gate has found, in the transaction of the commit.</summary>
    /// <param name="snapshot">The commit; null when the gate is shut, so that nothing is remembered for later runs to be compared with.</param>
    internal static void Record(LedgerTransaction tx, string runId, long? snapshot, DateTimeOffset at, IReadOnlyList<DatasetQuality> found)
    {
        var now = UtcText.From(at);
        foreach (var dataset in found)
        {
            foreach (var result in dataset.Results)
                RecordResult(tx, runId, snapshot, now, result);
            if (snapshot is not null)
                Remember(tx, runId, now, dataset);
            if (dataset.Fields is { Rows: > 0 } fields)
                RecordDrifts(tx, runId, now, dataset, fields);
        }
    }

    private static void RecordResult(LedgerTransaction tx, string runId, long? snapshot, string now, CheckResult result) => tx.Execute(
        """
        insert into finks_quality_result values
            (@run, @dataset, @check, @severity, @action, @outcome, @credit, @found, @expected, @examples, @dimension, @snapshot, @at)
        on conflict (run_id, dataset, check_name) do update set severity = excluded.severity, action = excluded.action, outcome = excluded.outcome,
            credit = excluded.credit, found = excluded.found, expected = excluded.expected, examples = excluded.examples,
            dimension = excluded.dimension, snapshot_id = excluded.snapshot_id, checked_at = excluded.checked_at
        """,
        ("run", runId), ("dataset", result.Dataset), ("check", result.Check), ("severity", Name(result.Consequence.Severity)), ("action", Name(result.Consequence.Action)),
        ("outcome", Name(result.Outcome)), ("credit", result.Credit), ("found", result.Found), ("expected", result.Expected),
        ("examples", JsonSerializer.Serialize(result.Examples, Json)), ("dimension", result.Dimension), ("snapshot", snapshot), ("at", now));

    private static void Remember(LedgerTransaction tx, string runId, string now, DatasetQuality dataset)
    {
        foreach (var (metric, value) in dataset.Metrics)
        {
            tx.Execute(
                """
                insert into finks_quality_metric values (@run, @dataset, @metric, @value, @at)
                on conflict (dataset, metric, run_id) do update set value = excluded.value, measured_at = excluded.measured_at
                """,
                ("run", runId), ("dataset", dataset.Contract.Dataset), ("metric", metric), ("value", value), ("at", now));
        }

        if (dataset.Fields is not { Rows: > 0 } fields)
            return;
        var accepted = dataset.Results.Where(r => r.Outcome == CheckOutcome.Accepted).Select(r => r.Check).ToHashSet();
        for (var i = 0; i < dataset.Contract.Columns.Count; i++)
        {
            var column = dataset.Contract.Columns[i];
            // Whoever accepts that a field is gone is not asked again; when it comes back, it is learned anew.
            var isGone = dataset.Drifts.Any(d => d.Field == column.SourceField
                && ((d.Kind == DriftKind.Missing && accepted.Contains(CheckNames.FieldMissing)) || (d.Kind == DriftKind.Renamed && accepted.Contains(CheckNames.FieldRenamed))));
            tx.Execute(
                isGone
                    ? "delete from finks_field where dataset = @dataset and field = @field"
                    : """
                      insert into finks_field values (@dataset, @field, @rows, @with)
                      on conflict (dataset, field) do update set rows_read = finks_field.rows_read + excluded.rows_read, rows_with = finks_field.rows_with + excluded.rows_with
                      """,
                [("dataset", dataset.Contract.Dataset), ("field", column.Name), .. isGone ? Array.Empty<(string, object?)>() : [("rows", fields.Rows), ("with", fields[i].Present)]]);
        }
    }

    private static void RecordDrifts(LedgerTransaction tx, string runId, string now, DatasetQuality dataset, FieldTallies fields)
    {
        foreach (var drift in dataset.Drifts)
        {
            tx.Execute(
                """
                insert into finks_schema_drift values (@dataset, @field, @kind, @evidence, @rows, @run, @at, @run, @at, null)
                on conflict (dataset, field, kind) do update set
                    evidence = excluded.evidence, row_count = excluded.row_count, last_run_id = excluded.last_run_id, last_seen_at = excluded.last_seen_at, resolved_at = null
                """,
                ("dataset", drift.Dataset), ("field", drift.Field), ("kind", Name(drift.Kind)), ("evidence", drift.Evidence), ("rows", drift.Rows), ("run", runId), ("at", now));
        }

        var open = tx.Query(
            "select field, kind from finks_schema_drift where dataset = @dataset and resolved_at is null",
            row => (Field: row.GetString(0), Kind: Enum.Parse<DriftKind>(row.GetString(1), ignoreCase: true)), ("dataset", dataset.Contract.Dataset));
        foreach (var (field, kind) in open.Where(o => !dataset.Drifts.Any(d => (d.Field, d.Kind) == o) && IsOver(o.Field, o.Kind, dataset.Contract, fields)))
        {
            tx.Execute(
                "update finks_schema_drift set resolved_at = @at where dataset = @dataset and field = @field and kind = @kind",
                ("at", now), ("dataset", dataset.Contract.Dataset), ("field", field), ("kind", Name(kind)));
        }
    }

    // A run that does not show a drift need not have had the rows that would.
    private static bool IsOver(string field, DriftKind kind, Contract contract, FieldTallies fields)
    {
        var column = contract.Columns.ToList().FindIndex(c => c.SourceField == field || c.SourceAliases.Contains(field));
        return kind == DriftKind.New ? column >= 0 : column < 0 || fields[column].Present > 0;
    }

    private static string Name(Enum value) => value.ToString().ToLowerInvariant();
}
