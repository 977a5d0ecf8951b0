using Finks.Cleansing.Quality;
using Finks.Contracts;

namespace Finks.Cleansing.Tests;

/// <summary>What follows when a check of the gate before Silver fails: block, warn, quarantine.</summary>
public sealed class GateTests : IDisposable
{
    private const string Dataset = "eod_price_raw";

    private readonly CleansingFixture _lake = new();

    private static QualityRule HighBelowLow(Consequence consequence) => new()
    {
        Name = "high_below_low",
        Query = "select count(*) from ${object} where high < low",
        Limit = new Limit(Comparison.MustBe, 0, 0),
        RowsAtFault = "high < low",
        Consequence = consequence,
        BusinessImpact = "ranges are wrong",
    };

    [Fact]
    public void A_check_that_blocks_leaves_the_snapshot_and_says_which_check_what_was_expected_and_found_and_which_rows()
    {
        var before = _lake.Lake.CurrentSnapshot();
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-02", 1), Bar("2026-03-03", 1, 2), Bar("2026-03-04", 3, 9)));

        var blocked = Assert.Throws<CleanseException>(() => CleanseWith(HighBelowLow(Consequence.Of(Severity.Error)), accepted: []));

        Assert.Contains("error: eod_price_raw high_below_low: the query gives 2", blocked.Message, StringComparison.Ordinal);
        Assert.Contains("expected: must be 0", blocked.Message, StringComparison.Ordinal);
        Assert.Contains("impact: ranges are wrong", blocked.Message, StringComparison.Ordinal);
        Assert.Contains("symbol=AAPL, date=2026-03-03  (`finks trace --batch 1 --line 0 --row 1`)", blocked.Message, StringComparison.Ordinal);
        Assert.Contains("finks cleanse --accept eod_price_raw.high_below_low", blocked.Message, StringComparison.Ordinal);
        Assert.Equal(before.Id, _lake.Lake.CurrentSnapshot().Id);
        Assert.Single(_lake.Bronze.Unconsumed("fmp", Dataset));
        var recorded = _lake.Result(Dataset, "high_below_low");
        Assert.Equal((CheckOutcome.Failed, null, 2), (recorded.Result.Outcome, recorded.SnapshotId, recorded.Result.Examples.Count));
    }

    [Theory]
    [InlineData("high_below_low")]
    [InlineData("eod_price_raw.high_below_low")]
    public void A_check_that_the_user_accepts_is_recorded_and_does_not_block(string accepted)
    {
        _lake.Receive(Dataset, Fmp.List(Bar("2026-03-03", 1, 2)));

        var report = CleanseWith(HighBelowLow(Consequence.Of(Severity.Error)), accepted: [accepted]);

        Assert.Single(_lake.Silver(Dataset, "date"));
        var recorded = _lake.Result(Dataset, "high_below_low");
        Assert.Equal((CheckOutcome.Accepted, report.Snapshot), (recorded.Result.Outcome, recorded.SnapshotId));
        Assert.Equal(0, recorded.Result.Credit);
    }

    [Fact]
    public void Accepting_another_dataset_s_check_does_not_help()
    {
        _lake.Receive(Dataset, Fmp.List(Bar("2026-03-03", 1, 2)));

        Assert.Throws<CleanseException>(() => CleanseWith(HighBelowLow(Consequence.Of(Severity.Error)), accepted: ["dividend.high_below_low"]));
    }

    [Fact]
    public void A_check_that_warns_is_reported_and_the_rows_count()
    {
        _lake.Receive(Dataset, Fmp.List(Bar("2026-03-03", 1, 2)));

        var report = CleanseWith(HighBelowLow(Consequence.Of(Severity.Warning)), accepted: []);

        Assert.Equal(CheckOutcome.Failed, report.Checks.Single(c => c.Check == "high_below_low").Outcome);
        Assert.Single(_lake.Silver(Dataset, "date"));
    }

    [Fact]
    public void A_check_that_quarantines_takes_out_the_rows_at_fault_and_no_others()
    {
        var bad = Bar("2026-03-03", 1, 2);
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-02", 1), bad));

        var counts = CleanseWith(HighBelowLow(new Consequence(Severity.Error, CheckAction.Quarantine)), accepted: []).Datasets.Single();

        Assert.Equal((2, 1, 1), (counts.RowsIn, counts.New, counts.Quarantined));
        Assert.Equal(["2026-03-02"], _lake.Silver(Dataset, "date"));
        Assert.Equal(["eod_price_raw|1|0|1|0|false"], _lake.Silver("quarantine", "dataset,bronze_batch,bronze_line,bronze_row,attempt,released"));
        Assert.Equal([bad], _lake.Silver("quarantine", "raw_row"));
        Assert.Equal(["the check high_below_low refuses the row: high < low"], _lake.Silver("quarantine", "array_to_string(reasons; ';')"));
    }

    [Theory]
    [InlineData(QualityMetric.RowCount, "", "", 4)]
    [InlineData(QualityMetric.NullValues, "volume", "", 1)]
    [InlineData(QualityMetric.MissingValues, "symbol", "MSFT", 2)]
    [InlineData(QualityMetric.InvalidValues, "symbol", "AAPL,MSFT", 1)]
    [InlineData(QualityMetric.DuplicateValues, "close", "", 2)]
    public void A_library_metric_measures_what_plain_SQL_over_the_raw_rows_counts(QualityMetric metric, string column, string values, int expected)
    {
        string[] rows =
        [
            Fmp.Price("AAPL", "2026-03-02", 7), Fmp.Price("MSFT", "2026-03-02", 7), Fmp.Price("MSFT", "2026-03-03", 7),
            """{"symbol":"X","date":"2026-03-02","adjClose":8}""",
        ];
        _lake.Receive(Dataset, Fmp.List(rows));
        var raw = Fmp.List(rows).Replace("'", "''", StringComparison.Ordinal);
        var oracle = $"with r as (select unnest(from_json('{raw}', '[{{\"symbol\":\"varchar\",\"date\":\"date\",\"adjClose\":\"double\",\"volume\":\"double\"}}]'), recursive := true)) select " + metric switch
        {
            QualityMetric.RowCount => "count(*) from r",
            QualityMetric.NullValues => "count(*) from r where volume is null",
            QualityMetric.MissingValues => "count(*) from r where symbol is null or symbol = 'MSFT'",
            QualityMetric.InvalidValues => "count(*) from r where symbol <> 'AAPL' and symbol <> 'MSFT'",
            _ => "count(*) - count(distinct adjClose) from r",
        };
        Assert.Equal(expected, CleansingFixture.PlainSql(oracle));

        var rule = new QualityRule
        {
            Name = "measured",
            Metric = metric,
            Columns = column.Length == 0 ? [] : [column],
            Values = values.Split(',', StringSplitOptions.RemoveEmptyEntries),
            Limit = new Limit(Comparison.MustBe, expected, expected),
            Consequence = Consequence.Of(Severity.Error),
        };
        Assert.Equal(CheckOutcome.Passed, CleanseWith(rule, accepted: []).Checks.Single(c => c.Check == "measured").Outcome);
    }

    [Fact]
    public void A_value_that_two_keys_share_where_it_must_be_unique_stays_with_the_first_also_over_runs()
    {
        var unique = new QualityRule
        {
            Name = "volume.unique",
            Metric = QualityMetric.DuplicateValues,
            Columns = ["volume"],
            Limit = new Limit(Comparison.MustBe, 0, 0),
            Consequence = new Consequence(Severity.Error, CheckAction.Quarantine),
        };
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-02", 1)));
        CleanseWith(unique, accepted: []);
        // Its new version shares the volume with its old one, which is no fault; MSFT shares it with AAPL.
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-02", 2)), _lake.Clock.GetUtcNow().AddHours(1));
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("MSFT", "2026-03-02", 1)), _lake.Clock.GetUtcNow().AddHours(1));

        var counts = CleanseWith(unique, accepted: []).Datasets.Single();
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("MSFT", "2026-05-04", 1)), _lake.Clock.GetUtcNow().AddHours(2));
        var onAnotherDay = CleanseWith(unique, accepted: []).Datasets.Single();

        Assert.Equal((1, 1), (counts.New, counts.Quarantined));
        Assert.Equal((0, 1), (onAnotherDay.New, onAnotherDay.Quarantined));
        Assert.Equal(["AAPL|1.00000000", "AAPL|2.00000000"], _lake.Silver(Dataset, "symbol,close", "order by known_from"));
    }

    [Theory]
    [InlineData("A", "is shorter than 2 characters")]
    [InlineData("ABCDE", "is longer than 4 characters")]
    public void A_text_of_another_length_than_the_contract_allows_goes_to_quarantine(string symbol, string reason)
    {
        var contract = CleansingFixture.Contracts.Get(Dataset);
        contract = contract with { Columns = [contract.Columns[0] with { MinLength = 2, MaxLength = 4 }, .. contract.Columns.Skip(1)] };
        _lake.Receive(Dataset, Fmp.List(Fmp.Price(symbol, "2026-03-02", 1), Fmp.Price("ÄÖÜ😀", "2026-03-02", 1)));

        var counts = _lake.Cleanse(contracts: [contract]).Datasets.Single();

        Assert.Contains(reason, Assert.Single(counts.Reasons).Reason, StringComparison.Ordinal);
        Assert.Equal(1, counts.New);
    }

    [Fact]
    public void A_number_at_its_exclusive_maximum_goes_to_quarantine()
    {
        var contract = CleansingFixture.Contracts.Get(Dataset);
        contract = contract with { Columns = [.. contract.Columns.Select(c => c.Name == "close" ? c with { ExclusiveMaximum = 10 } : c)] };
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("AAPL", "2026-03-02", 9.99), Fmp.Price("AAPL", "2026-03-03", 10)));

        var counts = _lake.Cleanse(contracts: [contract]).Datasets.Single();

        Assert.Equal("close (adjClose): '10' is not below 10", Assert.Single(counts.Reasons).Reason);
    }

    [Fact]
    public void SQL_of_a_rule_that_cannot_be_run_is_named_and_nothing_is_committed()
    {
        var before = _lake.Lake.CurrentSnapshot();
        _lake.Receive(Dataset, Fmp.List(Bar("2026-03-03", 2, 1)));

        var told = Assert.Throws<CleanseException>(() => CleanseWith(HighBelowLow(default) with { Query = "1); drop table staged; select (1" }, accepted: []));

        Assert.Contains("the quality rule 'high_below_low'", told.Message, StringComparison.Ordinal);
        Assert.Equal(before.Id, _lake.Lake.CurrentSnapshot().Id);
    }

    [Fact]
    public void Refused_rows_count_by_the_share_and_the_number_that_the_contract_allows()
    {
        var contract = CleansingFixture.Contracts.Get(Dataset);
        contract = contract with { Quality = contract.Quality with { Refusals = new RefusalTerms { Share = 0.5, Rows = 2 } } };
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("A", "2026-03-02", 1), Fmp.Price("B", "2026-03-02", -1), Fmp.Price("C", "2026-03-02", -1)));

        var blocked = Assert.Throws<CleanseException>(() => _lake.Cleanse([], [contract]));
        Assert.Contains("2 of 3 rows break the contract", blocked.Message, StringComparison.Ordinal);
        Assert.Contains("at most 50 % of the rows, or fewer than 2", blocked.Message, StringComparison.Ordinal);
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("D", "2026-03-02", 1)));
        var passed = _lake.Cleanse([], [contract]).Checks.Single(c => c.Check == CheckNames.RowsRefused);

        Assert.Equal((CheckOutcome.Passed, 0.5), (passed.Outcome, passed.Credit));
    }

    private static string Bar(string date, int high, int low) =>
        $$"""{"symbol":"AAPL","date":"{{date}}","adjOpen":1,"adjHigh":{{high}},"adjLow":{{low}},"adjClose":1,"volume":100}""";

    private CleanseReport CleanseWith(QualityRule rule, IReadOnlyList<string> accepted)
    {
        var contract = CleansingFixture.Contracts.Get(Dataset);
        return _lake.Cleanse(accepted, [contract with { Quality = contract.Quality with { Rules = [rule] } }]);
    }

    public void Dispose() => _lake.Dispose();
}
