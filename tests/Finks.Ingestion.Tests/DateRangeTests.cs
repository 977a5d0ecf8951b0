using CsCheck;
using Finks.Ingestion.Planning;

namespace Finks.Ingestion.Tests;

public sealed class DateRangeTests
{
    private static readonly DateOnly Origin = new(2020, 1, 1);

    private static readonly Gen<DateRange> Ranges = Gen.Select(Gen.Int[0, 60], Gen.Int[0, 20]).Select((start, length) => new DateRange(Origin.AddDays(start), Origin.AddDays(start + length)));

    [Fact]
    public void The_gaps_are_exactly_the_days_that_nothing_covers() => Gen.Select(Ranges, Ranges.Array[0, 6]).Sample((wanted, covered) =>
    {
        var expected = Days(wanted).Where(day => !covered.Any(c => c.From <= day && day <= c.To));
        Assert.Equal(expected, wanted.Without(covered).SelectMany(Days));
    });

    [Fact]
    public void Cutting_a_range_loses_and_doubles_no_day() => Gen.Select(Ranges, Gen.Int[1, 9]).Sample((range, days) =>
    {
        var pieces = range.Split(days).ToList();
        Assert.Equal(Days(range), pieces.SelectMany(Days));
        Assert.All(pieces, piece => Assert.InRange(piece.Days, 1, days));
    });

    private static IEnumerable<DateOnly> Days(DateRange range) => Enumerable.Range(0, range.Days).Select(range.From.AddDays);
}
