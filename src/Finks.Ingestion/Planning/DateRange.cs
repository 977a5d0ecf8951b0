namespace Finks.Ingestion.Planning;

/// <summary>Calendar dates from <see cref="From"/> to <see cref="To"/>, both included.</summary>
public readonly record struct DateRange(DateOnly From, DateOnly To)
{
    /// <summary>How many days the range holds; 0 when it is empty.</summary>
    public int Days => Math.Max(0, To.DayNumber - From.DayNumber + 1);

    /// <summary>The parts of this range that none of <paramref name="covered"/> holds, in order.</summary>
    public IReadOnlyList<DateRange> Without(IEnumerable<DateRange> covered)
    {
        var gaps = new List<DateRange>();
        var next = From;
        foreach (var range in covered.Where(r => r.Days > 0).OrderBy(r => r.From))
        {
            if (range.From > To)
                break;
            if (range.From > next)
                gaps.Add(new DateRange(next, range.From.AddDays(-1)));
            if (range.To >= next)
                next = range.To.AddDays(1);
        }

        if (next <= To)
            gaps.Add(new DateRange(next, To));
        return gaps;
    }

    /// <summary>This range cut into pieces of at most <paramref name="days"/> days, oldest first.</summary>
    public IEnumerable<DateRange> Split(int days)
    {
        for (var start = From; start <= To; start = start.AddDays(days))
        {
            var end = start.AddDays(days - 1);
            yield return new DateRange(start, end < To ? end : To);
        }
    }

    public override string ToString() => $"{From:yyyy-MM-dd}..{To:yyyy-MM-dd}";
}
