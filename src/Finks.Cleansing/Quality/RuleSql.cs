using Finks.Contracts;
using Finks.Lake.Files;

namespace Finks.Cleansing.Quality;

/// <summary>A contract's quality rules as DuckDB SQL over a table of rows with their key and their place in Bronze.</summary>
internal static class RuleSql
{
    /// <summary>An aggregate that measures a metric.</summary>
    public static string Measure(QualityRule rule, Contract contract)
    {
        var count = rule.Metric switch
        {
            QualityMetric.RowCount => "count(*)",
            QualityMetric.DuplicateValues => Duplicates(rule, contract),
            _ => $"count(*) filter ({FaultyValue(rule)})",
        };
        return rule.Percent ? $"100.0 * ({count}) / count(*)" : count;
    }

    /// <summary>A query rule's text with its placeholders filled in.</summary>
    /// <param name="rule">A rule with a query.</param>
    /// <param name="rows">The relation that holds the rows.</param>
    public static string Query(QualityRule rule, string rows)
    {
        var sql = rule.Query!;
        foreach (var name in new[] { "object", "table", "model" })
            sql = sql.Replace("${" + name + "}", rows, StringComparison.OrdinalIgnoreCase).Replace("{" + name + "}", rows, StringComparison.OrdinalIgnoreCase);
        foreach (var name in new[] { "property", "column" })
        {
            if (rule.Columns is [var column])
                sql = sql.Replace("${" + name + "}", SqlText.Name(column), StringComparison.OrdinalIgnoreCase).Replace("{" + name + "}", SqlText.Name(column), StringComparison.OrdinalIgnoreCase);
        }

        return sql.Trim().TrimEnd(';');
    }

    /// <summary>A condition that picks the rows at fault out of <paramref name="rows"/>; null when the rule does not say which they are.</summary>
    public static string? RowsAtFault(QualityRule rule, Contract contract, string rows) => rule switch
    {
        { RowsAtFault: { } condition } => condition,
        { Metric: QualityMetric.DuplicateValues } => SharedValue(rule, contract, rows),
        { Metric: null or QualityMetric.RowCount } => null,
        _ => FaultyValue(rule),
    };

    private static string FaultyValue(QualityRule rule)
    {
        var column = SqlText.Name(rule.Columns[0]);
        var listed = string.Join(", ", rule.Values.Select(SqlText.Literal));
        return rule switch
        {
            { Metric: QualityMetric.NullValues } => $"{column} is null",
            { Metric: QualityMetric.MissingValues } => $"{column} is null or {column}::varchar in ({listed})",
            { Pattern: { } pattern } => $"not regexp_full_match({column}::varchar, {SqlText.Literal(pattern)})",
            _ => $"{column}::varchar not in ({listed})",
        };
    }

    private static string Duplicates(QualityRule rule, Contract contract)
    {
        var value = Packed(rule.Columns);
        return $"count(distinct {Packed(rule.Columns.Concat(contract.Key))}) filter ({NoNull(rule)}) - count(distinct {value}) filter ({NoNull(rule)})";
    }

    // The first key with a value owns it; every other key that has it is at fault.
    private static string SharedValue(QualityRule rule, Contract contract, string rows)
    {
        var key = Packed(contract.Key);
        return $"""
            (bronze_batch, bronze_line, bronze_row) in (
                select bronze_batch, bronze_line, bronze_row from (
                    select bronze_batch, bronze_line, bronze_row, {key} as key,
                        first_value({key}) over (partition by {Packed(rule.Columns)} order by known_from, bronze_batch, bronze_line, bronze_row) as owner
                    from {rows} where {NoNull(rule)})
                where key <> owner)
            """;
    }

    private static string NoNull(QualityRule rule) => string.Join(" and ", rule.Columns.Select(c => $"{SqlText.Name(c)} is not null"));

    private static string Packed(IEnumerable<string> columns) => $"row({string.Join(", ", columns.Distinct().Select(SqlText.Name))})";
}
