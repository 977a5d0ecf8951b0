namespace Finks.Orchestration.Scheduling;

/// <summary>
/// When something is to run: an endless series of times, each later than the one before. Two schedules that read alike are equal.
/// <see cref="ToString"/> gives the text that <see cref="Parse(string)"/> reads.
/// </summary>
public abstract partial record Schedule
{
    private Schedule()
    {
    }

    /// <summary>The first time after the one given, UTC; null when there is none, as for the 30th of February.</summary>
    public abstract DateTimeOffset? NextAfter(DateTimeOffset time);

    /// <summary>The times after one and up to another, that included, as they are asked for. UTC.</summary>
    public IEnumerable<DateTimeOffset> Occurrences(DateTimeOffset after, DateTimeOffset upTo)
    {
        for (var next = NextAfter(after); next <= upTo; next = NextAfter(next.Value))
            yield return next.Value;
    }

    /// <summary>The last of <see cref="Occurrences"/>, found from the end; null when there is none.</summary>
    public DateTimeOffset? LatestOccurrence(DateTimeOffset after, DateTimeOffset upTo)
    {
        // Looks back twice as far each time, so that a year of minutes is not walked through.
        for (var window = TimeSpan.FromMinutes(1); after < upTo; window *= 2)
        {
            var from = upTo - after > window ? upTo - window : after;
            if (NextAfter(from) <= upTo)
                return Occurrences(from, upTo).Last();
            if (from == after)
                return null;
        }

        return null;
    }

    /// <summary>The text that people write, see <see cref="Parse(string)"/>.</summary>
    public abstract override string ToString();
}
