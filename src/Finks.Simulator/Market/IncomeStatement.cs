namespace Finks.Simulator;

/// <summary>An income statement in whole units of its currency. What can be computed from other lines is computed, so it always adds up.</summary>
/// <param name="PeriodEnd">The last day of the fiscal period.</param>
/// <param name="Accepted">When the filing was accepted: New York wall clock, as FMP gives it.</param>
/// <param name="Period">FY, Q1, Q2, Q3 or Q4.</param>
/// <param name="Shares">Weighted average shares, in the shares of the period's end.</param>
public sealed record IncomeStatement(
    DateOnly PeriodEnd,
    DateTime Accepted,
    int FiscalYear,
    string Period,
    string Cik,
    long Revenue,
    long CostOfRevenue,
    long ResearchAndDevelopment,
    long SellingGeneralAndAdministrative,
    long DepreciationAndAmortization,
    long InterestIncome,
    long InterestExpense,
    long IncomeTaxExpense,
    long Shares,
    long SharesDiluted)
{
    public DateOnly FilingDate => DateOnly.FromDateTime(Accepted);

    public long GrossProfit => Revenue - CostOfRevenue;

    public long OperatingExpenses => ResearchAndDevelopment + SellingGeneralAndAdministrative;

    public long OperatingIncome => GrossProfit - OperatingExpenses;

    public long IncomeBeforeTax => OperatingIncome + InterestIncome - InterestExpense;

    public long NetIncome => IncomeBeforeTax - IncomeTaxExpense;

    /// <summary>Income before interest expense and tax.</summary>
    public long Ebit => IncomeBeforeTax + InterestExpense;

    /// <summary>Earnings for one share, in hundredths.</summary>
    public long EpsCents => (long)Math.Round(100m * NetIncome / Shares);

    public long EpsDilutedCents => (long)Math.Round(100m * NetIncome / SharesDiluted);
}
