using System.Globalization;

namespace Finks.Simulator;

/// <summary>The income statement endpoint: newest first, 5 rows unless a limit up to 1000 is given, the fiscal year unless a period is given.</summary>
internal static class IncomeStatementRows
{
    private const int DefaultRows = 5;
    private const int MostRows = 1000;

    public static void Print(Listing listing, ApiRequest request, JsonRows rows)
    {
        var period = request.Value("period") ?? "annual";
        var asked = listing.Statements.Reverse().Where(s => Matches(period, s.Period)).Take(request.Limit(DefaultRows, MostRows));
        foreach (var statement in asked)
        {
            rows.StartRow();
            PrintHead(listing.Symbol, statement, rows);
            PrintLines(statement, rows);
            rows.EndRow();
        }
    }

    private static bool Matches(string asked, string period) => asked switch
    {
        "annual" or "FY" => period == "FY",
        "quarter" => period != "FY",
        _ => period == asked,
    };

    private static void PrintHead(string symbol, IncomeStatement s, JsonRows rows)
    {
        rows.Date(N("date"), s.PeriodEnd);
        rows.Text(N("symbol"), symbol);
        rows.Text(N("reportedCurrency"), "USD");
        rows.Text(N("cik"), s.Cik);
        rows.Date(N("filingDate"), s.FilingDate);
        rows.Text(N("acceptedDate"), s.Accepted.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        rows.Text(N("fiscalYear"), s.FiscalYear.ToString(CultureInfo.InvariantCulture));
        rows.Text(N("period"), s.Period);
    }

    private static void PrintLines(IncomeStatement s, JsonRows rows)
    {
        rows.Whole(N("revenue"), s.Revenue);
        rows.Whole(N("costOfRevenue"), s.CostOfRevenue);
        rows.Whole(N("grossProfit"), s.GrossProfit);
        rows.Whole(N("researchAndDevelopmentExpenses"), s.ResearchAndDevelopment);
        rows.Whole(N("generalAndAdministrativeExpenses"), 0);
        rows.Whole(N("sellingAndMarketingExpenses"), 0);
        rows.Whole(N("sellingGeneralAndAdministrativeExpenses"), s.SellingGeneralAndAdministrative);
        rows.Whole(N("otherExpenses"), 0);
        rows.Whole(N("operatingExpenses"), s.OperatingExpenses);
        rows.Whole(N("costAndExpenses"), s.CostOfRevenue + s.OperatingExpenses);
        rows.Whole(N("netInterestIncome"), s.InterestIncome - s.InterestExpense);
        rows.Whole(N("interestIncome"), s.InterestIncome);
        rows.Whole(N("interestExpense"), s.InterestExpense);
        rows.Whole(N("depreciationAndAmortization"), s.DepreciationAndAmortization);
        rows.Whole(N("ebitda"), s.Ebit + s.DepreciationAndAmortization);
        rows.Whole(N("ebit"), s.Ebit);
        rows.Whole(N("nonOperatingIncomeExcludingInterest"), 0);
        rows.Whole(N("operatingIncome"), s.OperatingIncome);
        rows.Whole(N("totalOtherIncomeExpensesNet"), s.InterestIncome - s.InterestExpense);
        rows.Whole(N("incomeBeforeTax"), s.IncomeBeforeTax);
        rows.Whole(N("incomeTaxExpense"), s.IncomeTaxExpense);
        rows.Whole(N("netIncomeFromContinuingOperations"), s.NetIncome);
        rows.Whole(N("netIncomeFromDiscontinuedOperations"), 0);
        rows.Whole(N("otherAdjustmentsToNetIncome"), 0);
        rows.Whole(N("netIncome"), s.NetIncome);
        rows.Whole(N("netIncomeDeductions"), 0);
        rows.Whole(N("bottomLineNetIncome"), s.NetIncome);
        rows.Scaled(N("eps"), s.EpsCents, 2);
        rows.Scaled(N("epsDiluted"), s.EpsDilutedCents, 2);
        rows.Whole(N("weightedAverageShsOut"), s.Shares);
        rows.Whole(N("weightedAverageShsOutDil"), s.SharesDiluted);
    }

    private static byte[] N(string name) => JsonRows.Name(name);
}
