namespace Finks.Simulator;

/// <summary>A cash dividend in the shares of its ex-date. Dates that are not known are null and are served as empty strings, as FMP does.</summary>
/// <param name="ExDate">The first day the share trades without it.</param>
/// <param name="Millionths">The amount for one share, in millionths of the currency.</param>
public sealed record Dividend(DateOnly ExDate, long Millionths, DateOnly? Record, DateOnly? Payment, DateOnly? Declaration, string Frequency)
{
    /// <summary>Decimal places of an amount.</summary>
    public const int Digits = 6;

    public double Amount => Millionths / 1e6;
}
