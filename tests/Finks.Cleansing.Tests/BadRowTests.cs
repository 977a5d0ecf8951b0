namespace Finks.Cleansing.Tests;

/// <summary>What becomes of rows that break their contract: nothing is lost, and every reason is told.</summary>
public sealed class BadRowTests : IDisposable
{
    private readonly CleansingFixture _lake = new();

    [Fact]
    public void A_text_where_a_number_belongs_puts_the_row_into_quarantine_with_the_reason_and_its_exact_text()
    {
        var bad = Fmp.Price("AAPL", "2026-02-27", "\"n/a yet\"");
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", 264.5), bad));

        var counts = _lake.CleanseOne("eod_price_raw");

        Assert.Equal((2, 1, 1), (counts.RowsIn, counts.New, counts.Quarantined));
        Assert.Equal("close (adjClose): 'n/a yet' is not a number", Assert.Single(counts.Reasons).Reason);
        Assert.Equal(bad, Assert.Single(_lake.Silver("quarantine", "raw_row")));
        Assert.Equal("eod_price_raw|1|0|1", Assert.Single(_lake.Silver("quarantine", "dataset,bronze_batch,bronze_line,bronze_row")));
        Assert.Equal(["AAPL|2026-03-02|264.50000000"], _lake.Silver("eod_price_raw", "symbol,date,close"));
    }

    [Fact]
    public void A_number_in_a_string_is_a_number()
    {
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", "\"264.50\"")));

        _lake.Cleanse();

        Assert.Equal(["264.50000000"], _lake.Silver("eod_price_raw", "close"));
    }

    [Fact]
    public void A_missing_required_field_is_named_with_the_name_that_the_source_uses()
    {
        _lake.Receive("eod_price_raw", """[{"symbol":"AAPL","date":"2026-03-02","adjOpen":1,"adjHigh":2,"adjLow":1,"volume":5}]""");

        var counts = _lake.CleanseOne("eod_price_raw");

        Assert.Equal("close (adjClose): the required value is missing", Assert.Single(counts.Reasons).Reason);
        Assert.Empty(_lake.Silver("eod_price_raw", "symbol"));
    }

    [Fact]
    public void Every_reason_is_told_not_only_the_first()
    {
        _lake.Receive("eod_price_raw", """[{"symbol":"AAPL","date":"02/03/2026","adjOpen":-1,"adjHigh":{"a":1},"adjLow":1,"volume":5}]""");

        _lake.Cleanse();

        Assert.Equal(
            [
                "date: '02/03/2026' is not a date (yyyy-MM-dd)",
                "open (adjOpen): '-1' is below the minimum 0",
                "high (adjHigh): an object stands where a number belongs",
                "close (adjClose): the required value is missing",
            ],
            Assert.Single(_lake.Silver("quarantine", "array_to_string(reasons; '\n')")).Split('\n'));
    }

    [Theory]
    [InlineData("""{"symbol":"AAPL"}""", "the reply is not a list of rows")]
    [InlineData("[1]", "the row is not an object")]
    [InlineData("""[{"symbol":"AAPL","date":"2026-03-02","adjClose":1}""", "the reply stops being JSON")]
    public void A_reply_of_another_shape_is_kept_and_reported(string body, string reason)
    {
        _lake.Receive("eod_price_raw", body);

        var counts = _lake.CleanseOne("eod_price_raw");

        Assert.StartsWith(reason, Assert.Single(counts.Reasons).Reason, StringComparison.Ordinal);
        Assert.Equal(counts.RowsIn, counts.New + counts.Quarantined);
    }

    [Fact]
    public void The_same_row_twice_in_a_reply_counts_once()
    {
        var row = Fmp.Dividend("2026-02-09", 0.26);
        _lake.Receive("dividend", Fmp.List(row, row));

        var counts = _lake.CleanseOne("dividend");

        Assert.Equal((2, 1, 1, 0), (counts.RowsIn, counts.New, counts.Repeated, counts.Quarantined));
    }

    [Fact]
    public void Of_two_rows_with_one_key_and_different_values_the_last_counts_and_the_other_is_kept_in_quarantine()
    {
        var first = Fmp.Price("AAPL", "2026-03-02", 264.5);
        _lake.Receive("eod_price_raw", Fmp.List(first, Fmp.Price("AAPL", "2026-03-02", 265)));

        var counts = _lake.CleanseOne("eod_price_raw");

        Assert.Equal((2, 1, 0, 1), (counts.RowsIn, counts.New, counts.Repeated, counts.Quarantined));
        Assert.Equal(["265.00000000"], _lake.Silver("eod_price_raw", "close"));
        Assert.Equal(first, Assert.Single(_lake.Silver("quarantine", "raw_row")));
    }

    [Fact]
    public void Fields_that_the_contract_does_not_know_are_reported_and_the_row_counts()
    {
        _lake.Receive("eod_price_raw", """[{"symbol":"AAPL","date":"2026-03-02","adjClose":1,"newIdea":{"x":[1,2]}}]""");

        var counts = _lake.CleanseOne("eod_price_raw");

        Assert.Equal(["newIdea"], counts.UnknownFields);
        Assert.Equal(1, counts.New);
    }

    [Fact]
    public void Replies_that_are_no_data_are_left_alone()
    {
        _lake.Receive("eod_price_raw", "<html>blocked</html>", outcome: "Html");

        var counts = _lake.CleanseOne("eod_price_raw");

        Assert.Equal((1, 0, 0), (counts.Replies, counts.RowsIn, counts.Quarantined));
    }

    [Fact]
    public void Too_many_bad_rows_block_the_commit_and_leave_the_replies_unread()
    {
        var before = _lake.Lake.CurrentSnapshot();
        _lake.Receive("eod_price_raw", Fmp.List(Enumerable.Range(1, 25).Select(day => Fmp.Price("AAPL", $"2026-01-{day:00}", "\"?\""))));

        var blocked = Assert.Throws<CleanseException>(() => _lake.Cleanse(accepted: []));

        Assert.Contains("25 of 25 rows break the contract", blocked.Message, StringComparison.Ordinal);
        Assert.Contains("finks cleanse", blocked.Message, StringComparison.Ordinal);
        Assert.Equal(before.Id, _lake.Lake.CurrentSnapshot().Id);
        Assert.Single(_lake.Bronze.Unconsumed("fmp", "eod_price_raw"));
        Assert.Equal(25, _lake.CleanseOne("eod_price_raw").Quarantined);
    }

    [Theory]
    [InlineData("is gone")]
    [InlineData("is damaged")]
    public void A_Bronze_file_that_is_gone_or_damaged_stops_the_run_before_anything_is_committed(string trouble)
    {
        _lake.Receive("eod_price_raw", Fmp.List(Enumerable.Range(1, 28).Select(day => Fmp.Price("AAPL", $"2026-02-{day:00}", day))));
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("MSFT", "2026-03-02", 264.5)));
        var file = Path.Combine(_lake.Lake.Paths.Home, _lake.Bronze.All()[0].Key);
        if (trouble == "is gone")
            File.Delete(file);
        else
            FlipABitInEachByteOfTheBody(file);
        var before = _lake.Lake.CurrentSnapshot().Id;

        var told = Assert.Throws<Finks.Lake.LakeException>(() => _lake.Cleanse());

        Assert.Contains("Bronze batch 1 ", told.Message, StringComparison.Ordinal);
        Assert.Contains(trouble, told.Message, StringComparison.Ordinal);
        Assert.Equal(before, _lake.Lake.CurrentSnapshot().Id);
        Assert.Equal(2, _lake.Bronze.Unconsumed("fmp", "eod_price_raw").Count);
    }

    private static void FlipABitInEachByteOfTheBody(string file)
    {
        var bytes = File.ReadAllBytes(file);
        for (var i = bytes.Length / 3; i < bytes.Length / 2; i++)
            bytes[i] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    public void Dispose() => _lake.Dispose();
}
