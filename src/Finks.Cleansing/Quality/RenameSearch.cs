using System.Globalization;
using DuckDB.NET.Data;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Files;

namespace Finks.Cleansing.Quality;

/// <summary>
/// Looks for a missing field's values in the new fields: reads rows of this run as if the column's field had the new name, and compares the
/// values with what Silver knows for the same keys.
/// </summary>
internal sealed class RenameSearch(GateScope scope, Contract contract, DuckDBConnection database)
{
    /// <summary>Fewer equal values than this may be chance.</summary>
    private const int FewestEqual = 2;

    /// <summary>The share of compared values that must be equal: values may be restated while a field is renamed, but not most of them.</summary>
    private const double LeastEqual = 0.6;

    /// <summary>The new field that holds a missing column's values, with the evidence; null when there is none.</summary>
    public (string Field, string Evidence, BronzePlace Place)? Find(ContractColumn missing, FieldTallies fields)
    {
        if (contract.Key.Contains(missing.Name) || scope.Lake.FindTable(SilverColumns.Schema, contract.Dataset, scope.Snapshot) is not { } table)
            return null;
        var silver = $"({scope.Lake.ReadSql(table, scope.Snapshot)})";
        return fields.New
            .Select(field => (Field: field, Match: Compare(missing, field.Name, fields, silver)))
            .Where(c => c.Match.Equal >= FewestEqual && c.Match.Distinct >= FewestEqual && c.Match.Equal >= LeastEqual * c.Match.Compared)
            .OrderByDescending(c => (double)c.Match.Equal / c.Match.Compared).ThenByDescending(c => c.Match.Equal)
            .Select(c => ((string, string, BronzePlace)?)(c.Field.Name, Describe(c.Field.Name, c.Match), c.Field.First))
            .FirstOrDefault();
    }

    private static string Describe(string field, (long Compared, long Equal, long Distinct) match) => string.Create(CultureInfo.InvariantCulture,
        $"the new field '{field}' holds what Silver knows for {match.Equal} of {match.Compared} keys compared ({match.Distinct} different values)");

    private (long Compared, long Equal, long Distinct) Compare(ContractColumn missing, string field, FieldTallies fields, string silver)
    {
        var key = contract.Columns.Where(c => c.KeyPosition is not null).ToList();
        // Only the key and the column in question, so that nothing else keeps a row from being read.
        var reduced = contract with { Columns = [.. key, missing with { SourceField = field, SourceAliases = [], Required = true }] };
        database.Execute($"create or replace temp table trial ({string.Join(", ", reduced.Columns.Select(c => $"{SqlText.Name(c.Name)} {c.Type.DuckDbName}"))})");
        Fill(reduced, fields);

        var keys = string.Join(", ", key.Select(c => SqlText.Name(c.Name)));
        var value = SqlText.Name(missing.Name);
        using var command = database.CreateCommand();
        command.CommandText = $"""
            with known as (
                select {keys}, max_by({value}, known_from) as {value} from {silver} semi join trial using ({keys}) where {value} is not null group by {keys}
            )
            select count(*), count(*) filter (t.{value} = k.{value}), count(distinct k.{value}) filter (t.{value} = k.{value})
            from (select distinct on ({keys}) * from trial) t join known k using ({keys})
            """;
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    private void Fill(Contract reduced, FieldTallies fields)
    {
        var rows = new ReplyRows(reduced, scope.Masking);
        using var appender = database.CreateAppender("temp", "main", "trial");
        foreach (var (_, raw) in fields.Samples)
        {
            rows.Read([(byte)'[', .. raw, (byte)']'], (_, reasons, _) =>
            {
                if (reasons.Count > 0)
                    return;
                var row = appender.CreateRow();
                foreach (var cell in rows.Cells)
                    cell.AppendTo(row);
                row.EndRow();
            });
        }
    }
}
