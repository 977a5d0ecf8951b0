using System.Globalization;

namespace Finks.Contracts;

/// <summary>The comparisons of the standard.</summary>
public enum Comparison
{
    MustBe,
    MustNotBe,
    MustBeGreaterThan,
    MustBeGreaterOrEqualTo,
    MustBeLessThan,
    MustBeLessOrEqualTo,

    /// <summary>Both bounds included.</summary>
    MustBeBetween,

    /// <summary>Neither a bound nor anything between them.</summary>
    MustNotBeBetween,
}

/// <summary>What a measured value is compared with.</summary>
/// <param name="Value">The bound, or the lower of two.</param>
/// <param name="Upper">The upper bound of a range; equal to <paramref name="Value"/> for the other comparisons.</param>
public sealed record Limit(Comparison Comparison, decimal Value, decimal Upper)
{
    /// <summary>Whether a measured value is as it must be.</summary>
    public bool Allows(double measured)
    {
        var (low, high) = ((double)Value, (double)Upper);
        return Comparison switch
        {
            Comparison.MustBe => measured == low,
            Comparison.MustNotBe => measured != low,
            Comparison.MustBeGreaterThan => measured > low,
            Comparison.MustBeGreaterOrEqualTo => measured >= low,
            Comparison.MustBeLessThan => measured < low,
            Comparison.MustBeLessOrEqualTo => measured <= low,
            Comparison.MustBeBetween => measured >= low && measured <= high,
            Comparison.MustNotBeBetween => measured < low || measured > high,
            _ => throw new InvalidOperationException($"Unknown comparison {Comparison}."),
        };
    }

    /// <summary>As a person says it: <c>must be between 0 and 5</c>.</summary>
    public override string ToString()
    {
        var value = Value.ToString(CultureInfo.InvariantCulture);
        var upper = Upper.ToString(CultureInfo.InvariantCulture);
        return Comparison switch
        {
            Comparison.MustBe => $"must be {value}",
            Comparison.MustNotBe => $"must not be {value}",
            Comparison.MustBeGreaterThan => $"must be greater than {value}",
            Comparison.MustBeGreaterOrEqualTo => $"must be at least {value}",
            Comparison.MustBeLessThan => $"must be less than {value}",
            Comparison.MustBeLessOrEqualTo => $"must be at most {value}",
            Comparison.MustBeBetween => $"must be between {value} and {upper}",
            _ => $"must not be between {value} and {upper}",
        };
    }
}
