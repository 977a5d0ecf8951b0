using System.Globalization;

namespace Finks.Orchestration.Scheduling;

/// <summary>Days that no rule foretells, as a table: <c>date,hours,reason</c>, where the hours are <c>closed</c> or
/// <c>09:30-13:00</c>.</summary>
internal static class SpecialDayTable
{
    public static IReadOnlyList<SpecialDay> Read(string resource)
    {
        using var stream = typeof(SpecialDayTable).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The resource {resource} is not embedded.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    public static IReadOnlyList<SpecialDay> Parse(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Skip(1)
            .Select(Row),
    ];

    private static SpecialDay Row(string line)
    {
        var cells = line.Split(',', 3);
        return new SpecialDay(DateOnly.ParseExact(cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture), Hours(cells[1]), cells[2]);
    }

    private static TradingHours? Hours(string text)
    {
        if (text == "closed")
            return null;
        var times = text.Split('-', 2);
        return new TradingHours(Time(times[0]), Time(times[1]));
    }

    private static TimeOnly Time(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);
}
