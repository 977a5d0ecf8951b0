using System.Globalization;
using CsCheck;

namespace Finks.Cleansing.Tests;

/// <summary>However replies are cut into batches and runs, Silver comes to say the same.</summary>
public sealed class OrderTests
{
    [Fact]
    public void Batches_and_runs_may_be_cut_anywhere_without_changing_what_is_known_at_any_time()
    {
        var observation = Gen.Select(Gen.Int[0, 3], Gen.Int[1, 3], Gen.Int[0, 3]);
        Gen.Select(observation.Array[1, 12], Gen.Bool.Array[12], Gen.Bool.Array[12]).Sample(
            (observations, cutBatch, cutRun) => Assert.Equal(KnownOverTime(observations, (_, _) => false, _ => false), KnownOverTime(observations, (i, _) => cutBatch[i], i => cutRun[i])),
            iter: 12,
            threads: 1);
    }

    // Each observation is a reply: three days around a day, one of them missing or with another price.
    private static string KnownOverTime((int Day, int Close, int Missing)[] observations, Func<int, int, bool> cutBatch, Func<int, bool> cutRun)
    {
        using var lake = new CleansingFixture();
        var open = new List<(string Body, DateTimeOffset At)>();
        for (var i = 0; i < observations.Length; i++)
        {
            var (day, close, missing) = observations[i];
            var rows = Enumerable.Range(0, 3).Where(d => d != missing).Select(d => Fmp.Price("AAPL", $"2026-02-{10 + day + d}", close + d));
            open.Add((Fmp.List(rows), CleansingFixture.Start.AddHours(i)));
            if (cutBatch(i, 0) || cutRun(i) || i == observations.Length - 1)
            {
                foreach (var (body, at) in open)
                    lake.Receive("eod_price_raw", body, at);
                open.Clear();
            }

            if (cutRun(i))
                lake.Cleanse();
        }

        lake.Cleanse();
        var known = Enumerable.Range(0, observations.Length).SelectMany(hour => lake.Silver(
            "eod_price_raw",
            "date,close",
            $"where known_from <= '{CleansingFixture.Start.AddHours(hour).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}+00' qualify row_number() over (partition by symbol, date order by known_from desc) = 1 and not removed order by date")
            .Select(row => $"{hour}: {row}"));
        return string.Join("\n", known);
    }
}
