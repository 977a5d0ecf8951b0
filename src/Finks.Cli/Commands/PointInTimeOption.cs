using System.CommandLine;
using System.Globalization;
using Finks.Pipelines.Reading;

namespace Finks.Cli.Commands;

/// <summary>An option whose value is a snapshot, a time or a date: the same in every command that reads tables.</summary>
internal sealed class PointInTimeOption
{
    private const string SnapshotPrefix = "snapshot:";

    private readonly Option<string?> _option;

    /// <param name="purpose">What the command does with it: "Show the table as it was then".</param>
    public PointInTimeOption(string name, string purpose, bool required = false) => _option = new Option<string?>(name)
    {
        Required = required,
        HelpName = "snapshot|time|date",
        Description = $"{purpose}: a snapshot of the lake (12 or snapshot:12; what was committed then), a time (2025-06-30T14:00:00Z) or a date (its end, UTC). "
            + "By time, Silver shows what was known then (known_from), Gold the newest snapshot that is not later.",
    };

    public void AddTo(Command command) => command.Options.Add(_option);

    /// <summary>The point in time; null when the option was not given.</summary>
    public PointInTime? Read(ParseResult parsed) => parsed.GetValue(_option) is { } text ? Parse(text) : null;

    private PointInTime Parse(string text)
    {
        var prefixed = text.StartsWith(SnapshotPrefix, StringComparison.OrdinalIgnoreCase);
        var digits = prefixed ? text[SnapshotPrefix.Length..] : text;
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return new PointInTime.AtSnapshot(id);
        return !prefixed && OptionText.TryInstant(text) is { } time
            ? new PointInTime.AtTime(time)
            : throw new UsageException(
                $"{_option.Name} '{text}' is neither a snapshot nor a time. Write 12 or snapshot:12 (a snapshot of the lake), 2025-06-30T14:00:00Z, or 2025-06-30 (the end of that day, UTC).");
    }
}
