using Cronos;
using NodaTime;

namespace Finks.Orchestration.Scheduling;

public abstract partial record Schedule
{
    /// <summary>
    /// Cron's five fields: minute, hour, day of month, month, day of week. Cronos's rules hold where the clocks change: a time that is
    /// skipped runs when they have jumped, and one that comes twice runs once, unless the schedule repeats within the hour.
    /// </summary>
    public sealed record Cron : Schedule
    {
        private const int Fields = 5;

        private readonly CronExpression _expression;
        private readonly TimeZoneInfo _zone;

        /// <param name="expression">Such as <c>0 2 * * MON-FRI</c>.</param>
        /// <param name="timeZone">A name of the IANA database, such as <c>America/New_York</c>.</param>
        /// <exception cref="ScheduleException">It is no cron expression, or there is no such time zone.</exception>
        public Cron(string expression, string timeZone)
        {
            Expression = string.Join(' ', expression.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            TimeZone = timeZone;
            _expression = Read(Expression);
            _zone = Zone(timeZone);
        }

        /// <summary>With one space between the fields.</summary>
        public string Expression { get; }

        public string TimeZone { get; }

        public override DateTimeOffset? NextAfter(DateTimeOffset time) => _expression.GetNextOccurrence(time, _zone)?.ToUniversalTime();

        public override string ToString() => $"cron: {Expression}; timezone: {TimeZone}";

        private static CronExpression Read(string expression)
        {
            const string form = "Write five fields, minute, hour, day of month, month and day of week: '0 2 * * MON-FRI' "
                + "is 02:00 on weekdays.";
            var fields = expression.Split(' ');
            if (fields.Length != Fields)
                throw new ScheduleException($"'{expression}' is no cron expression: it has {fields.Length} fields. {form}");
            if (fields[2] is not ("*" or "?") && fields[4] is not ("*" or "?"))
            {
                // Vixie's cron and Prefect take a day that matches either, Cronos one that matches both.
                throw new ScheduleException($"'{expression}' restricts the day of the month and the day of the week, which "
                    + "schedulers read in two ways. "
                    + "Leave one of them *, and make two schedules if both are meant.");
            }

            try
            {
                return CronExpression.Parse(expression, CronFormat.Standard);
            }
            catch (CronFormatException error)
            {
                throw new ScheduleException($"'{expression}' is no cron expression: {error.Message.TrimEnd('.')}. {form}", error);
            }
        }

        private static TimeZoneInfo Zone(string name)
        {
            if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is null)
                throw new ScheduleException(
                    $"There is no time zone '{name}'. Write a name of the IANA database, such as America/New_York, Europe/Berlin or UTC.");
            try
            {
                return TimeZoneInfo.FindSystemTimeZoneById(name);
            }
            catch (Exception error) when (error is TimeZoneNotFoundException or InvalidTimeZoneException)
            {
                throw new ScheduleException(
                    $"This machine does not know the time zone '{name}'. Install the time zones: apt-get install tzdata.", error);
            }
        }
    }
}
