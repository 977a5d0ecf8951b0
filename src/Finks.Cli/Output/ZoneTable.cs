using System.Globalization;
using Finks.Pipelines.Reading;
using Spectre.Console;

namespace Finks.Cli.Output;

/// <summary>What each zone holds.</summary>
internal static class ZoneTable
{
    public static void Write(IReadOnlyList<TableStatus> tables)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("zone").AddColumn(new TableColumn("table").NoWrap()).AddColumn(new TableColumn("rows").RightAligned()).AddColumn("")
            .AddColumn(new TableColumn("files").RightAligned()).AddColumn(new TableColumn("MB").RightAligned());
        foreach (var t in tables)
        {
            table.AddRow(
                t.Zone,
                Markup.Escape(t.Table),
                t.Rows.ToString("N0", CultureInfo.InvariantCulture),
                t.Zone == "bronze" ? "replies" : "rows",
                t.Files.ToString("N0", CultureInfo.InvariantCulture),
                (t.Bytes / 1e6).ToString("N1", CultureInfo.InvariantCulture));
        }

        RowFormats.WideConsole().Write(table);
    }
}
