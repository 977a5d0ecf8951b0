namespace Finks.Simulator;

/// <summary>Quarterly and annual income statements of an invented company. A year is the sum of its quarters, line by line.</summary>
internal static class SyntheticStatements
{
    private static readonly double[] Seasons = [0.94, 0.99, 1.00, 1.07];

    public static IReadOnlyList<IncomeStatement> Of(Dice dice, SyntheticTraits traits, DateOnly first, DateOnly until, IReadOnlyList<Split> splits)
    {
        var shape = new Shape(dice.Between(0.35, 0.7), dice.Between(0.02, 0.15), dice.Between(0.08, 0.16), dice.Between(0.02, 0.06), dice.Between(-0.02, 0.12));
        var statements = new List<IncomeStatement>();
        for (var year = first.Year; year <= until.Year + 1; year++)
        {
            var quarters = Enumerable.Range(1, 4).Select(q => Quarter(dice, traits, shape, year, q, year - first.Year, splits)).ToArray();
            statements.AddRange(quarters);
            statements.Add(Year(quarters, traits, splits));
        }

        return statements;
    }

    private static IncomeStatement Quarter(Dice dice, SyntheticTraits traits, Shape shape, int year, int quarter, int age, IReadOnlyList<Split> splits)
    {
        var end = PeriodEnd(traits, year, quarter);
        var growth = 1 + (shape.Growth * (age + ((quarter - 1) / 4.0)));
        var revenue = Thousands(traits.Revenue / 4.0 * growth * Seasons[quarter - 1] * dice.Between(0.97, 1.03));
        var cost = Thousands(revenue * shape.Cost * dice.Between(0.97, 1.03));
        var research = Thousands(revenue * shape.Research);
        var selling = Thousands(revenue * shape.Selling * dice.Between(0.95, 1.05));
        var (interestIncome, interestExpense) = (Thousands(revenue * 0.004), Thousands(revenue * dice.Between(0.002, 0.012)));
        var beforeTax = revenue - cost - research - selling + interestIncome - interestExpense;
        var shares = traits.SharesAt(end, splits);
        return new IncomeStatement(
            end,
            Accepted(dice, end),
            year,
            $"Q{quarter}",
            traits.Cik,
            revenue,
            cost,
            research,
            selling,
            Thousands(revenue * shape.Depreciation),
            interestIncome,
            interestExpense,
            beforeTax > 0 ? Thousands(beforeTax * 0.21) : 0,
            shares,
            Diluted(shares));
    }

    /// <summary>Filed with the fourth quarter; the shares are those of the year's end.</summary>
    private static IncomeStatement Year(IncomeStatement[] quarters, SyntheticTraits traits, IReadOnlyList<Split> splits)
    {
        var last = quarters[^1];
        var shares = traits.SharesAt(last.PeriodEnd, splits);
        return last with
        {
            Period = "FY",
            Revenue = quarters.Sum(q => q.Revenue),
            CostOfRevenue = quarters.Sum(q => q.CostOfRevenue),
            ResearchAndDevelopment = quarters.Sum(q => q.ResearchAndDevelopment),
            SellingGeneralAndAdministrative = quarters.Sum(q => q.SellingGeneralAndAdministrative),
            DepreciationAndAmortization = quarters.Sum(q => q.DepreciationAndAmortization),
            InterestIncome = quarters.Sum(q => q.InterestIncome),
            InterestExpense = quarters.Sum(q => q.InterestExpense),
            IncomeTaxExpense = quarters.Sum(q => q.IncomeTaxExpense),
            Shares = shares,
            SharesDiluted = Diluted(shares),
        };
    }

    /// <summary>The fiscal year is named for the calendar year it ends in.</summary>
    private static DateOnly PeriodEnd(SyntheticTraits traits, int year, int quarter)
    {
        var month = new DateOnly(year, traits.FiscalYearEnd, 1).AddMonths(3 * (quarter - 4));
        return month.AddMonths(1).AddDays(-1);
    }

    /// <summary>Four to six weeks later on a session, before the opening or after the close in New York.</summary>
    private static DateTime Accepted(Dice dice, DateOnly end)
    {
        var day = TradingDays.OnOrAfter(end.AddDays(dice.Whole(26, 42)));
        var hour = dice.Whole(0, 1) == 0 ? 6 : 16;
        return day.ToDateTime(new TimeOnly(hour, dice.Whole(1, 59), dice.Whole(0, 59)));
    }

    private static long Diluted(long shares) => shares + (shares / 100);

    private static long Thousands(double amount) => (long)Math.Round(amount / 1_000) * 1_000;

    private readonly record struct Shape(double Cost, double Research, double Selling, double Depreciation, double Growth);
}
