using Finks.Cleansing.Quality;
using Finks.Contracts;

namespace Finks.Cleansing.Tests;

/// <summary>Rows that leave their contract's fields: new, missing, renamed, retyped.</summary>
public sealed class DriftTests : IDisposable
{
    private const string Dataset = "eod_price_raw";

    private readonly CleansingFixture _lake = new();

    [Fact]
    public void A_new_field_is_reported_with_its_rows_and_kept_open_until_the_contract_knows_it()
    {
        _lake.Receive(Dataset, Days(3, (_, i) => $"\"vwap\":{i}"));

        var check = _lake.Cleanse([]).Checks.Single(c => c.Check == CheckNames.FieldNew);

        Assert.Equal((CheckOutcome.Failed, "vwap", Severity.Info), (check.Outcome, check.Found, check.Consequence.Severity));
        Assert.Equal(["vwap New 3"], Open());
        var contract = CleansingFixture.Contracts.Get(Dataset);
        contract = contract with { Columns = [.. contract.Columns.SkipLast(1), contract.Columns[^1] with { SourceAliases = ["vwap"] }] };
        _lake.Receive(Dataset, Days(3, (_, i) => $"\"vwap\":{i}"));
        _lake.Cleanse(contracts: [contract]);
        Assert.Empty(Open());
    }

    [Fact]
    public void A_field_that_earlier_rows_had_and_no_row_has_now_blocks_once_and_can_be_accepted_for_good()
    {
        _lake.Receive(Dataset, Days(4));
        _lake.Cleanse([]);
        _lake.Receive(Dataset, Days(4, without: "volume"));

        var blocked = Assert.Throws<CleanseException>(() => _lake.Cleanse([]));

        Assert.Contains("eod_price_raw field_missing: volume: none of 4 rows has it, 4 of 4 rows before had it", blocked.Message, StringComparison.Ordinal);
        Assert.Equal(["volume Missing 4"], Open());
        Assert.Equal(4, _lake.Silver(Dataset, "date").Count);
        _lake.Cleanse([CheckNames.FieldMissing]);
        _lake.Receive(Dataset, Days(5, without: "volume"));
        Assert.Equal(CheckOutcome.Passed, _lake.Cleanse([]).Checks.Single(c => c.Check == CheckNames.FieldMissing).Outcome);
        _lake.Receive(Dataset, Days(5));
        _lake.Cleanse([]);
        Assert.Empty(Open());
    }

    [Fact]
    public void One_row_without_a_field_is_reported_and_does_not_block()
    {
        _lake.Receive(Dataset, Days(4));
        _lake.Cleanse([]);
        _lake.Receive(Dataset, Days(1, without: "volume"));

        var check = _lake.Cleanse([]).Checks.Single(c => c.Check == CheckNames.FieldMissing);

        Assert.Equal((CheckOutcome.Failed, CheckAction.Warn), (check.Outcome, check.Consequence.Action));
    }

    [Theory]
    [InlineData("volume", "shares", "the new field 'shares' holds what Silver knows for 4 of 4 keys compared (4 different values)")]
    [InlineData("adjClose", "closePrice", "the new field 'closePrice' holds what Silver knows for 4 of 4 keys compared (4 different values)")]
    public void A_missing_field_whose_values_stand_in_a_new_one_for_the_same_keys_is_suspected_to_be_renamed(string field, string renamed, string evidence)
    {
        _lake.Receive(Dataset, Days(4));
        _lake.Cleanse([]);
        _lake.Receive(Dataset, Days(5).Replace($"\"{field}\"", $"\"{renamed}\"", StringComparison.Ordinal).Replace("\"adjOpen\"", "\"other\":5,\"adjOpen\"", StringComparison.Ordinal));

        var blocked = Assert.Throws<CleanseException>(() => _lake.Cleanse([]));

        Assert.Contains($"field_renamed: {field}: none of 5 rows has it", blocked.Message, StringComparison.Ordinal);
        Assert.Contains(evidence, blocked.Message, StringComparison.Ordinal);
        Assert.Contains("sourceAliases", blocked.Message, StringComparison.Ordinal);
        Assert.Contains($"{field} Renamed 5", Open());
        // The remedy that the message names works.
        var contract = CleansingFixture.Contracts.Get(Dataset);
        contract = contract with { Columns = [.. contract.Columns.Select(c => c.SourceField == field ? c with { SourceAliases = [renamed] } : c)] };
        Assert.Equal(1, _lake.Cleanse([], [contract]).Datasets.Single().New);
        Assert.Equal(["other New 5"], Open());
    }

    [Fact]
    public void A_new_field_with_other_values_is_not_taken_for_the_missing_one()
    {
        _lake.Receive(Dataset, Days(4));
        _lake.Cleanse([]);
        _lake.Receive(Dataset, Days(4, (_, i) => $"\"trades\":{i + 7}", without: "volume"));

        Assert.Throws<CleanseException>(() => _lake.Cleanse([]));

        Assert.Equal(["trades New 4", "volume Missing 4"], Open());
    }

    [Fact]
    public void A_field_whose_values_have_another_form_than_its_type_takes_is_retyped_and_blocks()
    {
        _lake.Receive(Dataset, Days(4));
        _lake.Cleanse([]);
        _lake.Receive(Dataset, System.Text.RegularExpressions.Regex.Replace(Days(4), "\"adjClose\":(\\d+)", "\"adjClose\":\"high $1\""));

        var blocked = Assert.Throws<CleanseException>(() => _lake.Cleanse([]));

        Assert.Contains("field_retyped: adjClose: 4 of 4 values have another form than DECIMAL(28,8) takes, such as close (adjClose): 'high 10' is not a number", blocked.Message, StringComparison.Ordinal);
        Assert.Equal(["adjClose Retyped 4"], Open());
        _lake.Cleanse([CheckNames.FieldRetyped]);
        _lake.Receive(Dataset, Days(4));
        _lake.Cleanse([]);
        Assert.Empty(Open());
    }

    [Fact]
    public void One_bad_value_among_good_ones_is_no_drift()
    {
        _lake.Receive(Dataset, Fmp.List(Fmp.Price("A", "2026-03-02", 1), Fmp.Price("B", "2026-03-02", 1), Fmp.Price("C", "2026-03-02", "\"?\"")));

        Assert.Equal(CheckOutcome.Passed, _lake.Cleanse([]).Checks.Single(c => c.Check == CheckNames.FieldRetyped).Outcome);
    }

    private IEnumerable<string> Open() => _lake.Cleanser.Quality.Drifts().Select(d => $"{d.Field} {d.Kind} {d.Rows}").Order(StringComparer.Ordinal);

    /// <summary>A reply of so many days; values differ from day to day.</summary>
    private static string Days(int count, Func<string, int, string>? extra = null, string without = "") => Fmp.List(Enumerable.Range(0, count).Select(i =>
    {
        var date = $"2026-02-{i + 1:00}";
        string?[] fields =
        [
            "\"symbol\":\"AAPL\"", $"\"date\":\"{date}\"", "\"adjOpen\":1", "\"adjHigh\":2", "\"adjLow\":1", $"\"adjClose\":1{i}", $"\"volume\":{100 + i}", extra?.Invoke(date, i),
        ];
        return $"{{{string.Join(",", fields.Where(f => f is not null && (without.Length == 0 || !f.Contains(without, StringComparison.Ordinal))))}}}";
    }));

    public void Dispose() => _lake.Dispose();
}
