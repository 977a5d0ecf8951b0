using Finks.Cleansing.Privacy;
using Finks.Contracts;

namespace Finks.Cleansing.Values;

/// <summary>Makes the cell that a column's type needs.</summary>
internal static class ColumnCells
{
    /// <param name="mask">Null for a column that is stored as it is.</param>
    /// <param name="quotes">Whether reasons may quote what the source sent.</param>
    public static ColumnCell For(ContractColumn column, ValueMask? mask, bool quotes) => column.Type.Kind switch
    {
        ColumnKind.Text => new TextCell(column) { Mask = mask, Quotes = quotes },
        ColumnKind.Integer => new IntegerCell(column) { Mask = mask, Quotes = quotes },
        ColumnKind.Decimal => new DecimalCell(column) { Mask = mask, Quotes = quotes },
        ColumnKind.Double => new DoubleCell(column) { Mask = mask, Quotes = quotes },
        ColumnKind.Boolean => new BooleanCell(column) { Mask = mask, Quotes = quotes },
        ColumnKind.Date => new DateCell(column) { Mask = mask, Quotes = quotes },
        ColumnKind.Timestamp => new TimestampCell(column) { Mask = mask, Quotes = quotes },
        _ => throw new InvalidOperationException($"Unknown column kind {column.Type.Kind}."),
    };
}
