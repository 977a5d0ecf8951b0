using System.Globalization;
using DuckDB.NET.Data;
using Finks.Contracts;

namespace Finks.Cleansing.Quality;

/// <summary>Compares the fields of a run's rows with the contract and with what earlier runs had.</summary>
internal sealed class DriftChecks(GateScope scope, Contract contract, DuckDBConnection database, FieldTallies fields, IReadOnlyDictionary<string, FieldHistory> history)
{
    /// <summary>With fewer rows a field may be absent, or all its values bad, by chance: that is reported, and nothing else follows.</summary>
    private const int FewestRows = 3;

    /// <summary>A field that earlier rows had less often than this is one that the source leaves out where there is no value.</summary>
    private const double UsualPresence = 0.9;

    /// <summary>The share of a field's values that must have a wrong form before the field counts as retyped; below it the values are bad.</summary>
    private const double RetypedShare = 0.5;

    private const int ExamplesShown = 5;

    /// <summary>All fields that have left the contract.</summary>
    public IReadOnlyList<SchemaDrift> Find()
    {
        if (fields.Rows == 0)
            return [];
        var drifts = fields.New.Select(f => Drift(f.Name, DriftKind.New, "the contract does not know it", f.Rows, f.First, isStrong: true)).ToList();
        var search = new RenameSearch(scope, contract, database);
        for (var i = 0; i < contract.Columns.Count; i++)
        {
            var (column, tally) = (contract.Columns[i], fields[i]);
            if (tally.Present == 0 && history.TryGetValue(column.Name, out var earlier) && earlier.With > 0)
                drifts.Add(Missing(column, earlier, search));
            else if (tally.WrongForm > 0 && tally.WrongForm >= RetypedShare * tally.Present)
                drifts.Add(Retyped(column, tally));
        }

        return drifts;
    }

    /// <summary>One verdict for each kind of drift.</summary>
    public IEnumerable<CheckResult> Judge(IReadOnlyList<SchemaDrift> drifts)
    {
        var terms = contract.Quality;
        yield return Judge(drifts, DriftKind.New, CheckNames.FieldNew, terms.FieldNew, "no field that the contract does not know", null);
        yield return Judge(drifts, DriftKind.Missing, CheckNames.FieldMissing, terms.FieldMissing, "every field that earlier runs had",
            "If the source has dropped the field for good, remove its column from the contract.");
        yield return Judge(drifts, DriftKind.Renamed, CheckNames.FieldRenamed, terms.FieldRenamed, "no field under another name",
            "If it is the same field, add the new name to the column's sourceAliases in the contract.");
        yield return Judge(drifts, DriftKind.Retyped, CheckNames.FieldRetyped, terms.FieldRetyped, "values of the forms that the column's type takes",
            "If the source has changed the field's type, change the column's in the contract; then `finks quarantine replay` brings back the rows.");
    }

    private SchemaDrift Missing(ContractColumn column, FieldHistory earlier, RenameSearch search)
    {
        var isStrong = fields.Rows >= FewestRows && earlier.With >= UsualPresence * earlier.Rows;
        var before = string.Create(CultureInfo.InvariantCulture, $"none of {fields.Rows:N0} rows has it, {earlier.With:N0} of {earlier.Rows:N0} rows before had it");
        return search.Find(column, fields) is { } renamed
            ? Drift(column.SourceField, DriftKind.Renamed, $"{before}; {renamed.Evidence}", fields.Rows, renamed.Place, isStrong)
            : Drift(column.SourceField, DriftKind.Missing, before, fields.Rows, null, isStrong);
    }

    private SchemaDrift Retyped(ContractColumn column, FieldTallies.Column tally)
    {
        var (place, reason) = tally.FirstWrong!.Value;
        var evidence = string.Create(CultureInfo.InvariantCulture, $"{tally.WrongForm:N0} of {tally.Present:N0} values have another form than {column.Type.DuckDbName} takes, such as {reason}");
        return Drift(column.SourceField, DriftKind.Retyped, evidence, tally.WrongForm, place, tally.WrongForm >= FewestRows);
    }

    private SchemaDrift Drift(string field, DriftKind kind, string evidence, long rows, BronzePlace? place, bool isStrong) =>
        new(contract.Dataset, field, kind, evidence, rows, place, isStrong);

    private CheckResult Judge(IReadOnlyList<SchemaDrift> drifts, DriftKind kind, string check, Consequence consequence, string expected, string? remedy)
    {
        var found = drifts.Where(d => d.Kind == kind).ToList();
        var followed = found.Any(d => d.IsStrong) ? consequence : consequence with { Action = CheckAction.Warn };
        var text = found.Count == 0 ? "none" : string.Join("; ", found.Select(d => kind == DriftKind.New ? d.Field : $"{d.Field}: {d.Evidence}"));
        return scope.Verdict(contract, check, found.Count == 0 ? consequence : followed, found.Count == 0, text, expected) with
        {
            Dimension = "conformity",
            Remedy = remedy,
            Examples = [.. found.Where(d => d.Place is not null).Take(ExamplesShown).Select(d => new ExampleRow(d.Field, d.Place!.Value))],
        };
    }
}

/// <summary>How many of the rows committed so far had a field.</summary>
internal readonly record struct FieldHistory(long Rows, long With);
