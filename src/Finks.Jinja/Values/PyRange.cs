namespace Finks.Jinja;

/// <summary>What <c>range()</c> returns.</summary>
internal sealed class PyRange(long start, long stop, long step) : PyObject
{
    /// <summary>Jinja's sandbox refuses longer ranges (<c>MAX_RANGE</c>).</summary>
    public const int MaximumLength = 100_000;

    public override string TypeName => "range";

    public int Count { get; } = CountOf(start, stop, step);

    internal override bool IsTrue => Count > 0;

    internal override int? Length => Count;

    public long this[int index] => start + (index * step);

    internal override IEnumerable<object?> Iterate()
    {
        for (var index = 0; index < Count; index++)
            yield return start + (index * step);
    }

    internal override void WriteRepr(ReprWriter writer) =>
        writer.Append(step == 1 ? $"range({start}, {stop})" : $"range({start}, {stop}, {step})");

    private static int CountOf(long start, long stop, long step)
    {
        if (step == 0)
            throw PyError.Value("range() arg 3 must not be zero");
        Int128 distance = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        if (distance <= 0)
            return 0;
        var width = Int128.Abs(step);
        var count = (distance + width - 1) / width;
        return count <= MaximumLength
            ? (int)count
            : throw new PyError("OverflowError", $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MaximumLength}).");
    }
}
