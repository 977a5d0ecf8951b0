namespace Finks.Orchestration.Scheduling;

public abstract partial record Schedule
{
    private const string Forms =
        "Write one of: 'cron: 0 2 * * *' with 'timezone: America/New_York' (UTC when absent); 'exchange: XNYS' "
        + "with 'after_close: 30m' or 'before_open: 1h'; 'every: 15m'.";

    /// <summary>Reads a schedule of one line, its settings parted by semicolons: <c>exchange: XNYS; after_close: 30m</c>.</summary>
    /// <exception cref="ScheduleException">The text is no schedule.</exception>
    public static Schedule Parse(string text)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in text.Split([';', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (setting.Split(':', 2, StringSplitOptions.TrimEntries) is not [var name, var value])
                throw Invalid(text, $"'{setting}' has no colon");
            if (!settings.TryAdd(name, value.Trim('"', '\'')))
                throw Invalid(text, $"'{name}' is there twice");
        }

        return Parse(settings, text);
    }

    /// <summary>Reads a schedule from settings by name, as a YAML mapping has them.</summary>
    /// <param name="where">Where they stand, for the message: the file and line, or the name of the flow.</param>
    /// <exception cref="ScheduleException">They are no schedule.</exception>
    public static Schedule Parse(IReadOnlyDictionary<string, string> settings, string where)
    {
        try
        {
            return settings.Keys.Order(StringComparer.Ordinal).ToArray() switch
            {
                ["cron"] => new Cron(settings["cron"], "UTC"),
                ["cron", "timezone"] => new Cron(settings["cron"], settings["timezone"]),
                ["after_close", "exchange"] => new AfterClose(settings["exchange"], Duration("after_close")),
                ["before_open", "exchange"] => new BeforeOpen(settings["exchange"], Duration("before_open")),
                ["every"] => new Every(Duration("every")),
                [] => throw new ScheduleException($"It is empty. {Forms}"),
                var names => throw new ScheduleException($"The settings {string.Join(", ", names)} make no schedule. {Forms}"),
            };
        }
        catch (ScheduleException error)
        {
            throw new ScheduleException($"The schedule in {where} is wrong. {error.Message}", error);
        }

        TimeSpan Duration(string name) => DurationText.Parse(settings[name])
            ?? throw new ScheduleException($"{name} is '{settings[name]}', which is no duration. Write days, hours, minutes and "
                + "seconds, such as 1h30m.");
    }

    private static ScheduleException Invalid(string text, string why) => new($"'{text}' is no schedule: {why}. {Forms}");
}
