namespace Finks.Simulator;

/// <summary>Finds the simplest fraction for a decimal, so that 0.33333333 becomes 1/3 again.</summary>
internal static class Fraction
{
    /// <summary>The file's split coefficients have 8 decimals.</summary>
    private const long Scale = 100_000_000;

    /// <param name="hundredMillionths">The decimal times 1e8, positive.</param>
    /// <returns>The first convergent of the continued fraction that rounds to the decimal at its eighth place, in lowest terms.</returns>
    public static (long Numerator, long Denominator) Of(long hundredMillionths)
    {
        if (hundredMillionths <= 0)
            throw new ArgumentOutOfRangeException(nameof(hundredMillionths), hundredMillionths, "A split coefficient must be positive.");
        var (rest, divisor) = (hundredMillionths, Scale);
        (long p0, long q0, long p1, long q1) = (0, 1, 1, 0);
        while (true)
        {
            var whole = rest / divisor;
            (p0, q0, p1, q1) = (p1, q1, (whole * p1) + p0, (whole * q1) + q0);
            (rest, divisor) = (divisor, rest - (whole * divisor));
            if (divisor == 0 || RoundsTo(p1, q1, hundredMillionths))
                return (p1, q1);
        }
    }

    private static bool RoundsTo(long p, long q, long hundredMillionths) =>
        Int128.Abs(((Int128)p * Scale) - ((Int128)hundredMillionths * q)) * 2 <= q;
}
