namespace Finks.Cleansing;

/// <summary>Where a row stands in Bronze.</summary>
/// <param name="Line">The reply's place in the batch, from 0.</param>
/// <param name="Row">The row's place in the reply, from 0.</param>
public readonly record struct BronzePlace(long Batch, int Line, int Row) : IComparable<BronzePlace>
{
    public int CompareTo(BronzePlace other) => (Batch, Line, Row).CompareTo((other.Batch, other.Line, other.Row));

    /// <summary>The command that shows the row.</summary>
    public override string ToString() => $"finks trace --batch {Batch} --line {Line} --row {Row}";
}
