using System.Globalization;
using Finks.Contracts;

namespace Finks.Cleansing.Quality;

/// <summary>The range in which a measure is expected after earlier ones: around their median, as wide as they scatter or as the contract tolerates.</summary>
/// <remarks>Median and median absolute deviation, because one run with nonsense must not widen the range for the next.</remarks>
internal readonly record struct RobustRange(double Median, double Allowance)
{
    /// <summary>Makes the median absolute deviation of a normal distribution its standard deviation.</summary>
    private const double DeviationsPerMad = 1.4826;

    /// <param name="earlier">Earlier values, at least one.</param>
    /// <param name="terms">How much is allowed.</param>
    /// <param name="isShare">Whether the measure is a share, whose tolerance is a difference and not a part of the median.</param>
    public static RobustRange Of(IReadOnlyList<double> earlier, HistoryTerms terms, bool isShare)
    {
        var median = MedianOf(earlier);
        var deviation = DeviationsPerMad * MedianOf([.. earlier.Select(v => Math.Abs(v - median))]);
        var tolerance = isShare ? terms.Tolerance : terms.Tolerance * Math.Abs(median);
        return new RobustRange(median, Math.Max(terms.Deviations * deviation, tolerance));
    }

    public bool Holds(double value) => Math.Abs(value - Median) <= Allowance;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"between {Median - Allowance:0.######} and {Median + Allowance:0.######} (median {Median:0.######})");

    public static double MedianOf(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
