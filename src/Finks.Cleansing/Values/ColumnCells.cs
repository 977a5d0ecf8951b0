using Finks.Contracts;

namespace Finks.Cleansing.Values;

/// <summary>Makes the cell that a column's type needs.</summary>
internal static class ColumnCells
{
    public static ColumnCell For(ContractColumn column) => column.Type.Kind switch
    {
        ColumnKind.Text => new TextCell(column),
        ColumnKind.Integer => new IntegerCell(column),
        ColumnKind.Decimal => new DecimalCell(column),
        ColumnKind.Double => new DoubleCell(column),
        ColumnKind.Boolean => new BooleanCell(column),
        ColumnKind.Date => new DateCell(column),
        ColumnKind.Timestamp => new TimestampCell(column),
        _ => throw new InvalidOperationException($"Unknown column kind {column.Type.Kind}."),
    };
}
