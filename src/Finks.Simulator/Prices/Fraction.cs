namespace Finks.Simulator;

/// <summary>Finds the simplest ratio behind a split coefficient with 8 decimals, so that 0.33333333 becomes 1/3 again.</summary>
internal static class Fraction
{
    private const long Scale = 100_000_000;

    /// <summary>Some coefficients were made as 1 / x with x rounded to this scale: 7.00000700 is 1 / 0.142857, a split of 7 for 1.</summary>
    private const long InverseScale = 1_000_000;

    /// <param name="coefficient">The coefficient times 1e8, positive.</param>
    /// <returns>The first convergent of the continued fraction that the coefficient can have come from, in lowest terms.</returns>
    public static (long Numerator, long Denominator) Of(long coefficient)
    {
        if (coefficient <= 0)
            throw new ArgumentOutOfRangeException(nameof(coefficient), coefficient, "A split coefficient must be positive.");
        var (rest, divisor) = (coefficient, Scale);
        (long p0, long q0, long p1, long q1) = (0, 1, 1, 0);
        while (true)
        {
            var whole = rest / divisor;
            (p0, q0, p1, q1) = (p1, q1, (whole * p1) + p0, (whole * q1) + q0);
            (rest, divisor) = (divisor, rest - (whole * divisor));
            if (divisor == 0 || RoundsTo(p1, q1, coefficient) || InverseRoundsTo(p1, q1, coefficient))
                return (p1, q1);
        }
    }

    private static bool RoundsTo(long p, long q, long coefficient) =>
        Int128.Abs(((Int128)p * Scale) - ((Int128)coefficient * q)) * 2 <= q;

    private static bool InverseRoundsTo(long p, long q, long coefficient)
    {
        if (p == 0)
            return false;
        var inverse = (long)Math.Round((decimal)q * InverseScale / p);
        return inverse > 0 && RoundsTo(InverseScale, inverse, coefficient);
    }
}
