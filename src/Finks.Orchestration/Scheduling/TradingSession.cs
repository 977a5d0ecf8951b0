namespace Finks.Orchestration.Scheduling;

/// <summary>One day of regular trading.</summary>
/// <param name="Date">The day in the exchange's zone.</param>
/// <param name="Open">UTC.</param>
/// <param name="Close">UTC.</param>
/// <param name="ClosesEarly">Whether it was announced to close before the usual time.</param>
public sealed record TradingSession(DateOnly Date, DateTimeOffset Open, DateTimeOffset Close, bool ClosesEarly);
