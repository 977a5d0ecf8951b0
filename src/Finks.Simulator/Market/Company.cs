namespace Finks.Simulator;

/// <summary>What a profile says of a company apart from what follows from its prices and dividends.</summary>
/// <param name="Beta">In hundredths.</param>
/// <param name="SharesOutstanding">At the end of the visible time.</param>
public sealed record Company(
    string Name,
    string Cik,
    string Exchange,
    string ExchangeFullName,
    string Sector,
    string Industry,
    string Description,
    int Beta,
    long SharesOutstanding,
    int Employees,
    DateOnly Ipo);
