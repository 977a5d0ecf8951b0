using System.Globalization;
using Finks.Pipelines.Reading;
using Spectre.Console;

namespace Finks.Cli.Output;

/// <summary>Portfolios with their newest value and the curve that led to it.</summary>
internal static class PortfolioTable
{
    /// <summary>Trading days that the curve covers: about one year.</summary>
    public const int CurveDays = 252;

    private const int CurveWidth = 32;

    public static void Write(IReadOnlyList<PortfolioStatus> portfolios)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("portfolio").NoWrap()).AddColumn(new TableColumn("date").NoWrap())
            .AddColumn(new TableColumn("positions").RightAligned()).AddColumn(new TableColumn("market value").RightAligned().NoWrap())
            .AddColumn(new TableColumn("day").RightAligned()).AddColumn(new TableColumn("since start").RightAligned())
            .AddColumn(new TableColumn("market value, last 252 trading days").NoWrap());
        foreach (var p in portfolios)
        {
            table.AddRow(
                Markup.Escape(p.PortfolioId),
                p.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                p.Positions.ToString(CultureInfo.InvariantCulture),
                p.MarketValue?.ToString("N2", CultureInfo.InvariantCulture) ?? $"{p.UnpricedPositions} unpriced",
                Percent(p.DailyReturn),
                Percent(p.CumulativeReturn),
                Sparkline.Of(p.Values, CurveWidth));
        }

        RowFormats.WideConsole().Write(table);
    }

    private static string Percent(double? fraction) => fraction is { } value ? (value * 100).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) + " %" : "";
}
