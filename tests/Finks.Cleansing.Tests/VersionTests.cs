using Finks.Contracts;

namespace Finks.Cleansing.Tests;

/// <summary>How Silver keeps what was known when.</summary>
public sealed class VersionTests : IDisposable
{
    private readonly CleansingFixture _lake = new();

    [Fact]
    public void A_reply_that_repeats_what_is_known_adds_no_version_and_no_snapshot()
    {
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 264.5)));
        _lake.Cleanse();
        var snapshot = _lake.Lake.CurrentSnapshot();
        _lake.Clock.Advance(TimeSpan.FromDays(1));
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", "264.50")));

        var counts = _lake.CleanseOne("eod_price_raw");

        Assert.Equal((1, 0, 1), (counts.RowsIn, counts.New, counts.Repeated));
        Assert.Equal(snapshot.Id, _lake.Lake.CurrentSnapshot().Id);
        Assert.Empty(_lake.Bronze.Unconsumed("fmp", "eod_price_raw"));
    }

    [Fact]
    public void A_correction_adds_a_version_and_keeps_the_former_one()
    {
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 264.5)));
        _lake.Cleanse();
        _lake.Clock.Advance(TimeSpan.FromDays(1));
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 264.72)));
        _lake.Cleanse();

        Assert.Equal(
            ["264.50000000|false|2026-03-02 22:00:00+00", "264.72000000|false|2026-03-03 22:00:00+00"],
            _lake.Silver("eod_price_raw", "close,removed,known_from", "order by known_from"));
    }

    [Fact]
    public void Several_observations_in_one_run_become_versions_in_their_order()
    {
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 3)), CleansingFixture.Start.AddDays(3));
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 1)), CleansingFixture.Start.AddDays(1));
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 1)), CleansingFixture.Start.AddDays(2));

        var counts = _lake.CleanseOne("eod_price_raw");

        Assert.Equal((3, 2, 1), (counts.RowsIn, counts.New, counts.Repeated));
        Assert.Equal(["1.00000000|2026-03-03 22:00:00+00", "3.00000000|2026-03-05 22:00:00+00"], _lake.Silver("eod_price_raw", "close,known_from", "order by known_from"));
    }

    [Fact]
    public void A_row_that_the_source_no_longer_reports_between_its_neighbours_is_marked_removed()
    {
        _lake.Receive("dividend", Fmp.List(Fmp.Dividend("2026-02-09", 0.26), Fmp.Dividend("2025-11-10", 0.25), Fmp.Dividend("2025-08-11", 0.24)));
        _lake.Cleanse();
        _lake.Clock.Advance(TimeSpan.FromDays(1));
        _lake.Receive("dividend", Fmp.List(Fmp.Dividend("2026-02-09", 0.26), Fmp.Dividend("2025-08-11", 0.24)));

        var counts = _lake.CleanseOne("dividend");

        Assert.Equal((2, 0, 2, 1), (counts.RowsIn, counts.New, counts.Repeated, counts.Withdrawn));
        Assert.Equal(["2025-11-10|0.25000000|2|null"], _lake.Silver("dividend", "ex_date,adj_dividend,bronze_batch,bronze_row", "where removed"));
    }

    [Fact]
    public void A_removed_row_that_comes_back_is_a_new_version()
    {
        var all = Fmp.List(Fmp.Dividend("2026-02-09", 0.26), Fmp.Dividend("2025-11-10", 0.25), Fmp.Dividend("2025-08-11", 0.24));
        var two = Fmp.List(Fmp.Dividend("2026-02-09", 0.26), Fmp.Dividend("2025-08-11", 0.24));
        _lake.Receive("dividend", all, CleansingFixture.Start);
        _lake.Receive("dividend", two, CleansingFixture.Start.AddDays(1));
        _lake.Receive("dividend", two, CleansingFixture.Start.AddDays(2));
        _lake.Receive("dividend", all, CleansingFixture.Start.AddDays(3));

        _lake.Cleanse();

        Assert.Equal(
            ["false|2026-03-02 22:00:00+00", "true|2026-03-03 22:00:00+00", "false|2026-03-05 22:00:00+00"],
            _lake.Silver("dividend", "removed,known_from", "where ex_date = '2025-11-10' order by known_from"));
    }

    [Fact]
    public void A_reply_proves_nothing_outside_the_dates_that_it_holds()
    {
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-02-26", 1), Fmp.Price("AAPL", "2026-02-27", 2), Fmp.Price("MSFT", "2026-03-02", 3)));
        _lake.Cleanse();
        _lake.Clock.Advance(TimeSpan.FromDays(1));
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-02-27", 2), Fmp.Price("AAPL", "2026-03-03", 4)));

        Assert.Equal(0, _lake.CleanseOne("eod_price_raw").Withdrawn);
    }

    [Fact]
    public void A_reply_with_a_refused_row_withdraws_nothing()
    {
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-02-26", 1), Fmp.Price("AAPL", "2026-02-27", 2), Fmp.Price("AAPL", "2026-03-02", 3)));
        _lake.Cleanse();
        _lake.Clock.Advance(TimeSpan.FromDays(1));
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-02-26", 1), Fmp.Price("AAPL", "2026-02-27", "\"?\""), Fmp.Price("AAPL", "2026-03-02", 3)));

        var counts = _lake.CleanseOne("eod_price_raw");

        Assert.Equal((0, 1), (counts.Withdrawn, counts.Quarantined));
    }

    [Fact]
    public void A_scope_may_range_over_a_column_outside_the_key()
    {
        _lake.Receive("income_statement", Fmp.List(Statement("2025-09-27", "2025"), Statement("2024-09-28", "2024"), Statement("2023-09-30", "2023")));
        _lake.Cleanse();
        _lake.Clock.Advance(TimeSpan.FromDays(1));
        _lake.Receive("income_statement", Fmp.List(Statement("2025-09-27", "2025"), Statement("2023-09-30", "2023")));
        _lake.Cleanse();

        Assert.Equal(["2024"], _lake.Silver("income_statement", "fiscal_year", "where removed"));
    }

    [Fact]
    public void A_date_outside_the_key_may_be_restated_and_restated_back()
    {
        foreach (var date in new[] { "2025-09-27", "2025-12-31", "2025-09-27", "2025-09-27" })
        {
            _lake.Receive("income_statement", Fmp.List(Statement(date, "2025")));
            _lake.Cleanse();
            _lake.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(["2025-09-27", "2025-12-31", "2025-09-27"], _lake.Silver("income_statement", "date", "order by known_from"));
    }

    [Fact]
    public void A_key_whose_date_was_restated_is_not_withdrawn_by_a_reply_about_its_former_date()
    {
        _lake.Receive("income_statement", Fmp.List(Statement("2025-09-27", "2025"), Statement("2024-09-28", "2024")));
        _lake.Cleanse();
        _lake.Clock.Advance(TimeSpan.FromDays(1));
        _lake.Receive("income_statement", Fmp.List(Statement("2026-03-31", "2025")));
        _lake.Cleanse();
        _lake.Clock.Advance(TimeSpan.FromDays(1));
        _lake.Receive("income_statement", Fmp.List(Statement("2025-12-31", "2026"), Statement("2024-09-28", "2024")));
        _lake.Cleanse();

        Assert.Empty(_lake.Silver("income_statement", "fiscal_year", "where removed"));
    }

    [Fact]
    public void Cleansing_twice_or_with_nothing_to_read_changes_nothing()
    {
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 264.5)));
        _lake.Cleanse();
        var snapshot = _lake.Lake.CurrentSnapshot();

        Assert.Null(_lake.Cleanse().Snapshot);
        Assert.Equal(snapshot.Id, _lake.Lake.CurrentSnapshot().Id);
    }

    [Fact]
    public void Work_that_another_process_has_overtaken_is_done_again_on_the_new_state()
    {
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 264.5)));
        _lake.Receive("split", """[{"symbol":"AAPL","date":"2020-08-31","numerator":4,"denominator":1}]""");
        var (datasets, report) = Overtaken("eod_price_raw", () =>
            _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 264.5)), CleansingFixture.Start.AddHours(1)));

        // Both datasets twice.
        Assert.Equal(4, datasets);
        var counts = report.Datasets.Single(d => d.Dataset == "eod_price_raw");
        Assert.Equal((1, 0, 1), (counts.RowsIn, counts.New, counts.Repeated));
        Assert.Single(_lake.Silver("split", "symbol"));
        Assert.Equal(["false|2026-03-02 22:00:00+00"], _lake.Silver("eod_price_raw", "removed,known_from"));
    }

    [Fact]
    public void What_another_process_does_to_another_dataset_does_not_disturb()
    {
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 264.5)));
        _lake.Receive("split", """[{"symbol":"AAPL","date":"2020-08-31","numerator":4,"denominator":1}]""");
        var (datasets, report) = Overtaken("split", () => { }, "eod_price_raw");

        Assert.Equal(1, datasets);
        Assert.Equal(1, Assert.Single(report.Datasets).New);
        Assert.Single(_lake.Silver("split", "symbol"));
    }

    /// <summary>Cleanses, while another process cleanses one dataset after this one has begun and before it commits.</summary>
    private (int Datasets, CleanseReport Report) Overtaken(string dataset, Action then, params string[] slower)
    {
        var datasets = 0;
        var overtake = new Immediate(() =>
        {
            if (++datasets > 1)
                return;
            _lake.Cleanser.Run(new CleanseRequest { Contracts = [CleansingFixture.Contracts.Get(dataset)], RunId = "faster" }, new Immediate(() => { }), CancellationToken.None);
            then();
        });
        IReadOnlyList<Contract> contracts = slower.Length == 0 ? CleansingFixture.Contracts.Contracts : [.. slower.Select(CleansingFixture.Contracts.Get)];
        var report = _lake.Cleanser.Run(new CleanseRequest { Contracts = contracts, RunId = "slower" }, overtake, CancellationToken.None);
        return (datasets, report);
    }

    [Fact]
    public void Each_row_names_the_reply_and_the_place_that_it_came_from()
    {
        _lake.Receive("eod_price_raw", [Fmp.List(Fmp.Price("AAPL", "2026-03-02", 1)), Fmp.List(Fmp.Price("MSFT", "2026-03-02", 2), Fmp.Price("MSFT", "2026-02-27", 3))]);
        _lake.Cleanse();

        foreach (var place in _lake.Silver("eod_price_raw", "symbol,close::double::integer,bronze_batch,bronze_line,bronze_row"))
        {
            var parts = place.Split('|');
            var reply = _lake.Bronze.ReadReply(_lake.Bronze.Find(long.Parse(parts[2]))!, int.Parse(parts[3])).Reply;
            var raw = RawRows.Read(reply.Body, new HashSet<int> { int.Parse(parts[4]) }).Single().Value;
            Assert.Contains($"\"symbol\":\"{parts[0]}\"", raw, StringComparison.Ordinal);
            Assert.Contains($"\"adjClose\":{parts[1]},", raw, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _lake.Dispose();

    private static string Statement(string date, string year) =>
        $$"""{"date":"{{date}}","symbol":"AAPL","reportedCurrency":"USD","cik":"1","filingDate":"{{date}}","acceptedDate":"{{date}} 06:01:36","fiscalYear":"{{year}}","period":"FY","revenue":1}""";
}
