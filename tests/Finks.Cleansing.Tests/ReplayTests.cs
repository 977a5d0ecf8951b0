using System.Text;
using Finks.Cleansing.Quality;
using Finks.Cleansing.Quarantine;
using Finks.Contracts;

namespace Finks.Cleansing.Tests;

/// <summary>Rows that come back from quarantine once their contract is mended.</summary>
public sealed class ReplayTests : IDisposable
{
    private const string Dataset = "eod_price_raw";

    private readonly CleansingFixture _lake = new();

    private static Contract AsIs => CleansingFixture.Contracts.Get(Dataset);

    /// <summary>The contract mended so that negative prices are allowed.</summary>
    private static Contract Mended => AsIs with { Version = "1.1.0", Columns = [.. AsIs.Columns.Select(c => c.Name == "close" ? c with { Minimum = null } : c)] };

    [Fact]
    public void Rows_that_pass_now_become_Silver_rows_with_their_own_time_and_place_and_the_others_stay()
    {
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-02", 1), Fmp.Price("AAPL", "2026-03-03", -37.63), Fmp.Price("AAPL", "2026-03-04", "\"?\"")));
        _lake.Cleanse();
        _lake.Clock.Advance(TimeSpan.FromDays(3));

        var counts = Assert.Single(Replay(Mended).Datasets);

        Assert.Equal((2, 1, 0, 1, 0), (counts.Open, counts.New, counts.Repeated, counts.Refused, counts.Changed));
        Assert.Equal(["2026-03-03|-37.63000000|2026-03-02 22:00:00+00|1|0|1"], _lake.Silver(Dataset, "date,close,known_from,bronze_batch,bronze_line,bronze_row", "where close < 0"));
        Assert.Equal(["2|true", "3|false"], Verdicts("bronze_row + 1,released"));
    }

    [Fact]
    public void A_second_replay_changes_nothing()
    {
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-03", -1), Fmp.Price("AAPL", "2026-03-04", "\"?\"")));
        _lake.Cleanse();
        Replay(Mended);
        var snapshot = _lake.Lake.CurrentSnapshot().Id;
        var verdicts = _lake.Silver("quarantine", "bronze_row,attempt,released", "order by all");

        var again = Replay(Mended);

        Assert.Equal((1, 1), (again.Datasets.Single().Open, again.Datasets.Single().Refused));
        Assert.Null(again.Snapshot);
        Assert.Equal(snapshot, _lake.Lake.CurrentSnapshot().Id);
        Assert.Equal(verdicts, _lake.Silver("quarantine", "bronze_row,attempt,released", "order by all"));
        Assert.Single(_lake.Silver(Dataset, "date"));
    }

    [Fact]
    public void A_row_that_fails_for_another_reason_now_stays_with_the_newest_reason()
    {
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-03", -1)));
        _lake.Cleanse();

        var counts = Replay(AsIs with { Version = "1.1.0", Columns = [.. AsIs.Columns.Select(c => c.Name == "close" ? c with { Minimum = 5 } : c)] }).Datasets.Single();

        Assert.Equal((1, 1, 1), (counts.Open, counts.Refused, counts.Changed));
        Assert.Equal(["close (adjClose): '-1' is below the minimum 5|1.1.0|1|false"], Verdicts("reasons[1],contract_version,attempt,released"));
    }

    [Fact]
    public void A_dry_run_tells_and_commits_nothing()
    {
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-03", -1)));
        _lake.Cleanse();
        var snapshot = _lake.Lake.CurrentSnapshot().Id;

        var counts = Replay(Mended, dryRun: true).Datasets.Single();

        Assert.Equal((1, 1), (counts.Open, counts.New));
        Assert.Equal(snapshot, _lake.Lake.CurrentSnapshot().Id);
        Assert.Equal(["0|false"], Verdicts("attempt,released"));
    }

    [Fact]
    public void A_released_row_takes_its_place_before_versions_that_became_known_later()
    {
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-02", -1)), CleansingFixture.Start);
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-02", 5)), CleansingFixture.Start.AddDays(1));
        _lake.Cleanse();

        Replay(Mended);

        Assert.Equal(["-1.00000000|2026-03-02 22:00:00+00", "5.00000000|2026-03-03 22:00:00+00"], _lake.Silver(Dataset, "close,known_from", "order by known_from"));
    }

    [Fact]
    public void A_released_row_that_says_what_is_known_already_adds_no_version()
    {
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-02", 5)), CleansingFixture.Start);
        _lake.Cleanse();
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-02", 5)), CleansingFixture.Start.AddDays(1));
        _lake.Cleanse(contracts: [AsIs with { Columns = [.. AsIs.Columns.Select(c => c.Name == "close" ? c with { Maximum = 4 } : c)] }]);

        var counts = Replay(AsIs).Datasets.Single();

        Assert.Equal((1, 0, 1), (counts.Open, counts.New, counts.Repeated));
        Assert.Single(_lake.Silver(Dataset, "date"));
        Assert.Equal(["true"], Verdicts("released"));
    }

    [Fact]
    public void Of_rows_that_contradict_each_other_in_one_reply_the_one_in_quarantine_stays_there()
    {
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-02", 5), Fmp.Price("AAPL", "2026-03-02", 6)));
        _lake.Cleanse();

        var counts = Replay(Mended).Datasets.Single();

        Assert.Equal((1, 1, 0), (counts.Open, counts.Refused, counts.Changed));
        Assert.Equal(["6.00000000"], _lake.Silver(Dataset, "close"));
    }

    [Fact]
    public void A_rule_that_blocks_keeps_the_rows_in_quarantine()
    {
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-03", -1)));
        _lake.Cleanse();
        var strict = Mended with
        {
            Quality = new QualityTerms
            {
                Rules = [new QualityRule { Name = "no_negative", Query = "select count(*) from {object} where close < 0", Limit = new Limit(Comparison.MustBe, 0, 0), Consequence = Consequence.Of(Severity.Error) }],
            },
        };

        var blocked = Assert.Throws<CleanseException>(() => Replay(strict));

        Assert.Contains("finks quarantine replay --accept eod_price_raw.no_negative", blocked.Message, StringComparison.Ordinal);
        Assert.Equal(["0|false"], Verdicts("attempt,released"));
        Assert.Empty(_lake.Silver(Dataset, "date"));
        Assert.Equal(CheckOutcome.Failed, _lake.Result(Dataset, "no_negative").Result.Outcome);
    }

    [Fact]
    public void Two_replays_at_once_release_each_row_once()
    {
        _lake.Receive(Dataset, Fmp.List(Enumerable.Range(1, 28).Select(day => Fmp.Price("AAPL", $"2026-02-{day:00}", -day))));
        _lake.Cleanse();
        var overtaken = false;

        // The other replay comes first just when this one has read what is open.
        var report = Replay(Mended, onProgress: () =>
        {
            if (!overtaken)
            {
                overtaken = true;
                Assert.Equal(28, Replay(Mended).Datasets.Single().New);
            }
        });

        Assert.Empty(report.Datasets);
        Assert.Equal(28, _lake.Silver(Dataset, "date").Count);
        Assert.Equal(28 * 2, _lake.Silver("quarantine", "bronze_row").Count);
    }

    [Fact]
    public void Rows_of_each_replay_are_accounted_for_and_no_row_is_open_and_released()
    {
        var body = new StringBuilder();
        for (var i = 0; i < 60; i++)
            body.Append(i == 0 ? "" : ",").Append(Fmp.Price($"S{i:00}", "2026-03-02", i % 3 == 0 ? -i - 1 : i % 3 == 1 ? i : "\"?\""));
        _lake.Receive(Dataset, $"[{body}]");
        _lake.Cleanse();

        var counts = Replay(Mended).Datasets.Single();

        Assert.Equal(40, counts.Open);
        Assert.Equal(counts.Open, counts.New + counts.Repeated + counts.Refused);
        Assert.Equal(40, _lake.Silver(Dataset, "symbol").Count);
        Assert.Equal(20, Verdicts("released").Count(v => v == "false"));
    }

    private ReplayReport Replay(Contract contract, bool dryRun = false, Action? onProgress = null) =>
        new QuarantineReplay(_lake.Lake, _lake.Bronze, _lake.Cleanser, _lake.Clock).Run(
            new ReplayRequest { Contracts = [contract], RunId = _lake.NextRun(), DryRun = dryRun, Threads = 2 }, new Immediate(onProgress ?? (() => { })), CancellationToken.None);

    /// <summary>The newest verdict on each row.</summary>
    private IReadOnlyList<string> Verdicts(string columns) =>
        _lake.Silver("quarantine", columns, "qualify row_number() over (partition by bronze_batch, bronze_line, bronze_row order by attempt desc) = 1 order by bronze_row");

    public void Dispose() => _lake.Dispose();
}
