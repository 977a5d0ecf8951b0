using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Files;

namespace Finks.Cleansing;

/// <summary>
/// The Silver table of a contract, as it is and as the contract of now wants it. Contracts change, rows that are there do not: a new column is null in
/// them, a wider type takes their values, a renamed one (<see cref="ContractColumn.RenamedFrom"/>) keeps them, and a column that the contract has given
/// up stays, null in new rows.
/// </summary>
/// <param name="existing">Null when there is no such table yet.</param>
public sealed class SilverTable(Contract contract, string silverPath, LakeTable? existing)
{
    /// <summary>What the table is to become. A column that the contract requires allows nulls when rows that are there have none of its values.</summary>
    public TableDefinition Definition
    {
        get
        {
            var wanted = SilverColumns.TableOf(contract, silverPath);
            if (existing is null)
                return wanted;
            var columns = wanted.Columns.Select(c => c with { NullsAllowed = c.NullsAllowed || Former(c) is null or { NullsAllowed: true } });
            return wanted with { Columns = [.. columns, .. GivenUp.Select(c => new TableColumn(c.Name, c.DuckDbType, true, c.Comment))] };
        }
    }

    /// <summary>A select of the contract's and Finks's columns, in the contract's types.</summary>
    /// <param name="rows">A select of the existing table's rows.</param>
    public string InContract(string rows) => $"select {string.Join(", ", Wanted.Select(Shown))} from ({rows})";

    /// <summary>As <see cref="InContract"/>, with the columns that the contract has given up after the others.</summary>
    /// <param name="rows">A select of the existing table's rows.</param>
    public string Everything(string rows) =>
        $"select {string.Join(", ", Wanted.Select(Shown).Concat(GivenUp.Select(c => SqlText.Name(c.Name))))} from ({rows})";

    /// <summary>A select of the columns of <see cref="Definition"/>.</summary>
    /// <param name="rows">A select of new rows, with the contract's and Finks's columns.</param>
    public string ToWrite(string rows) =>
        $"select *{string.Concat(GivenUp.Select(c => $", null::{c.DuckDbType} as {SqlText.Name(c.Name)}"))} from ({rows})";

    private IReadOnlyList<TableColumn> Wanted => SilverColumns.TableOf(contract, silverPath).Columns;

    private IEnumerable<LakeColumn> GivenUp =>
        existing is null ? [] : existing.Columns.Where(old => !Wanted.Any(now => Former(now) == old));

    private LakeColumn? Former(TableColumn column) => Named(column.Name) ?? (column.RenamedFrom is { } name ? Named(name) : null);

    private LakeColumn? Named(string name) => existing?.Columns.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private string Shown(TableColumn column) =>
        $"cast({(Former(column) is { } former ? SqlText.Name(former.Name) : "null")} as {column.DuckDbType}) as {SqlText.Name(column.Name)}";
}
