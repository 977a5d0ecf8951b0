namespace Finks.Orchestration.Scheduling;

/// <summary>The hours of one day, local to the exchange.</summary>
internal sealed record TradingHours(TimeOnly Open, TimeOnly Close);

/// <summary>How one day differs from an ordinary one.</summary>
/// <param name="Hours">Null when there is no session.</param>
internal sealed record SpecialDay(DateOnly Date, TradingHours? Hours, string Reason);
