using System.Globalization;
using Finks.Cli.Chaos;
using Spectre.Console;

namespace Finks.Cli.Output;

/// <summary>What a proof has shown.</summary>
internal static class ChaosTable
{
    /// <param name="took">By the clock; the times of the scenarios overlap, because several lakes are worked on side by side.</param>
    public static void Write(Tally tally, TimeSpan took)
    {
        var counts = tally.Counts;
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("scenario").NoWrap());
        foreach (var name in new[] { "runs", "killed", "rows lost", "rows doubled", "Gold byte-equal", "seconds" })
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        foreach (var c in counts)
            table.AddRow(c.Scenario, Number(c.Runs), Number(c.Killed), Number(c.Lost), Number(c.Doubled), c.GoldDiffers == 0 ? "yes" : "NO", Seconds(c.Took));
        table.AddRow(
            "all", Number(counts.Sum(c => c.Runs)), Number(counts.Sum(c => c.Killed)), Number(counts.Sum(c => c.Lost)), Number(counts.Sum(c => c.Doubled)),
            counts.All(c => c.GoldDiffers == 0) ? "yes" : "NO", Seconds(took));
        RowFormats.WideConsole().Write(table);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan took) => took.TotalSeconds.ToString("N1", CultureInfo.InvariantCulture);
}
