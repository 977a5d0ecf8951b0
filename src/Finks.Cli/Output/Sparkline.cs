namespace Finks.Cli.Output;

/// <summary>A curve in one line of text.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>One bar per bucket of equally many values, lowest to highest; a bucket's last value counts. Nulls leave a gap.</summary>
    public static string Of(IReadOnlyList<double?> values, int width)
    {
        if (values.Count == 0)
            return "";
        var buckets = Math.Min(width, values.Count);
        var shown = Enumerable.Range(1, buckets).Select(i => values[(int)((long)i * values.Count / buckets) - 1]).ToList();
        var lowest = shown.Min() ?? 0;
        var range = (shown.Max() ?? 0) - lowest;
        return string.Concat(shown.Select(v => v is null ? ' ' : range == 0 ? Bars[3] : Bars[(int)Math.Round((v.Value - lowest) / range * (Bars.Length - 1))]));
    }
}
