namespace Finks.Simulator;

/// <summary>From <paramref name="Date"/> on, <paramref name="Numerator"/> shares stand for <paramref name="Denominator"/> former ones.</summary>
public sealed record Split(DateOnly Date, long Numerator, long Denominator)
{
    public double Ratio => (double)Numerator / Denominator;
}
