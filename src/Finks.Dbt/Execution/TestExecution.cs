using System.Globalization;

namespace Finks.Dbt.Execution;

/// <summary>Runs a test: counts its rows, judges the count by severity and thresholds, and fetches some of the rows where it does not pass.</summary>
internal sealed class TestExecution
{
    public NodeResult Run(NodeRun run)
    {
        var config = run.Node.Config;
        var limit = config.Text("limit") is { } given ? "limit " + given : "";
        var warnIf = config.Text("warn_if")!;
        var errorIf = config.Text("error_if")!;
        var counted = run.Session.Query(Wrap(run.Sql, config.Text("fail_calc")!, warnIf, errorIf, limit), 1).Rows[0];
        if (counted is not [{ } count, bool warns, bool errs])
        {
            throw new DbtException(
                $"test '{run.Node.Name}' gave {counted[0] ?? "NULL"}, {counted[1] ?? "NULL"}, {counted[2] ?? "NULL"}; fail_calc must be a number, warn_if and error_if comparisons",
                run.Node.OriginalFilePath, run.Node.Line);
        }

        var failures = Convert.ToInt64(count, CultureInfo.InvariantCulture);
        var result = new NodeResult(run.Node, NodeStatus.Pass, TimeSpan.Zero) { CompiledSql = run.Sql, Failures = 0 };
        var severe = string.Equals(config.Text("severity"), "error", StringComparison.OrdinalIgnoreCase);
        if (severe && errs)
            result = result with { Status = NodeStatus.Fail, Failures = failures, Message = $"Got {Results(failures)}, configured to fail if {errorIf}" };
        else if (warns)
            result = result with { Status = NodeStatus.Warn, Failures = failures, Message = $"Got {Results(failures)}, configured to warn if {warnIf}" };
        if (result.Status == NodeStatus.Pass)
            return result;
        var (columns, rows) = run.Session.Query($"select * from (\n{run.Sql}\n{limit}\n) dbt_internal_test limit {FailingRows.Limit}", FailingRows.Limit);
        return result with { FailingRows = new FailingRows(columns, rows) };
    }

    private static string Wrap(string sql, string failCalc, string warnIf, string errorIf, string limit) => SqlText.Read("test")
        .Replace("{fail_calc}", failCalc, StringComparison.Ordinal)
        .Replace("{warn_if}", warnIf, StringComparison.Ordinal)
        .Replace("{error_if}", errorIf, StringComparison.Ordinal)
        .Replace("{limit}", limit, StringComparison.Ordinal)
        .Replace("{sql}", sql, StringComparison.Ordinal);

    private static string Results(long failures) => failures == 1 ? "1 result" : $"{failures} results";
}
