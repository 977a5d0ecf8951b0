using Finks.Cleansing.Quality;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Bronze;

namespace Finks.Pipelines.Reading;

/// <summary>Puts the results of the gate before Silver and of the dbt tests before Gold into one picture.</summary>
public sealed class QualityReader(Workspace workspace)
{
    /// <summary>Reads the report.</summary>
    /// <param name="dataset">A dataset or model; null for all.</param>
    /// <param name="runs">How many of the latest runs the histories show.</param>
    /// <exception cref="UnknownNameException">No check is about that dataset.</exception>
    public QualityReport Read(string? dataset, int runs)
    {
        var latest = new Dictionary<(string Stage, string Dataset, string Check), QualityCheck>();
        var histories = new Dictionary<string, List<double?>>(StringComparer.Ordinal);
        var overall = new List<double?>();
        foreach (var run in Results().GroupBy(c => c.RunId).OrderBy(g => g.Min(c => c.CheckedAt)).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            Take([.. run], latest);
            var shown = latest.Values.Where(c => dataset is null || c.Result.Dataset == dataset).ToList();
            overall.Add(QualityScore.Of(shown.Select(c => c.Result)));
            foreach (var group in shown.GroupBy(c => c.Result.Dataset))
            {
                if (!histories.TryGetValue(group.Key, out var history))
                    histories[group.Key] = history = [.. Enumerable.Repeat<double?>(null, overall.Count - 1)];
                history.Add(QualityScore.Of(group.Select(c => c.Result)));
            }
        }

        JudgeFreshnessNow(latest);
        var checks = latest.Values.Where(c => dataset is null || c.Result.Dataset == dataset)
            .OrderBy(c => c.Stage, StringComparer.Ordinal).ThenBy(c => c.Result.Dataset, StringComparer.Ordinal).ThenBy(c => c.Result.Check, StringComparer.Ordinal).ToList();
        if (checks.Count == 0 && dataset is not null)
        {
            throw new UnknownNameException("checked table", dataset, [.. latest.Values.Select(c => c.Result.Dataset).Distinct().Order()],
                latest.Count == 0 ? "Nothing has been checked so far: run `finks run` or `finks demo` first." : null);
        }

        return new QualityReport(
            QualityScore.Of(checks.Select(c => c.Result)),
            [.. overall.TakeLast(runs)],
            [.. checks.GroupBy(c => c.Result.Dataset).Select(g => new DatasetScore(g.Key, QualityScore.Of(g.Select(c => c.Result)), [.. histories.GetValueOrDefault(g.Key, []).TakeLast(runs)]))],
            checks);
    }

    private IEnumerable<QualityCheck> Results() =>
        workspace.Cleanser.Quality.Results().Select(r => new QualityCheck("cleanse", r.RunId, r.CheckedAt, r.Result)).Concat(DbtTests());

    // A whole run says what is checked now; the few results of a replay come on top.
    private static void Take(IReadOnlyList<QualityCheck> run, Dictionary<(string Stage, string Dataset, string Check), QualityCheck> latest)
    {
        var judged = run.Where(c => c.Result.Check == CheckNames.RowsRefused).Select(c => c.Result.Dataset).ToHashSet(StringComparer.Ordinal);
        var tested = run.Any(c => c.Stage == "transform");
        foreach (var key in latest.Keys.Where(k => k.Stage == "transform" ? tested : judged.Contains(k.Dataset)).ToList())
            latest.Remove(key);
        foreach (var check in run)
            latest[(check.Stage, check.Result.Dataset, check.Result.Check)] = check;
    }

    // Data grows old without any run.
    private void JudgeFreshnessNow(Dictionary<(string Stage, string Dataset, string Check), QualityCheck> latest)
    {
        var (snapshot, now) = (workspace.Lake.CurrentSnapshot(), workspace.Clock.GetUtcNow());
        foreach (var contract in workspace.Contracts.Contracts)
        {
            var key = ("cleanse", contract.Dataset, CheckNames.Freshness);
            if (FreshnessCheck.OfSilver(workspace.Lake, snapshot, contract, now) is { } result)
                latest[key] = new QualityCheck("cleanse", latest.GetValueOrDefault(key)?.RunId ?? "", now, result);
        }
    }

    private IReadOnlyList<QualityCheck> DbtTests() => workspace.Lake.Database.Read(reader => reader.Query(
        """
        select run_id, built_at, node, about, severity, status, failures, message from finks_node_result where kind = 'test' order by node
        """,
        row => new QualityCheck("transform", row.GetString(0), UtcText.Parse(row.GetString(1)), Test(row.GetString(2), row.Text(3), row.Text(4), row.GetString(5), row.Number(6), row.Text(7)))));

    private static CheckResult Test(string node, string? about, string? severity, string status, long? failures, string? message)
    {
        var passed = status == "pass";
        return new CheckResult
        {
            Dataset = about ?? "project",
            Check = node.Split('.')[2],
            Consequence = Consequence.Of(severity == "warn" ? Severity.Warning : Severity.Error),
            Outcome = passed ? CheckOutcome.Passed : status == "skipped" ? CheckOutcome.NotJudged : CheckOutcome.Failed,
            Found = message ?? $"{failures ?? 0} failing rows",
            Expected = "no failing rows",
            Credit = passed ? 1 : 0,
        };
    }
}
