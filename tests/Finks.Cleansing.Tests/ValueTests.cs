using System.Globalization;
using System.Text;
using CsCheck;
using DuckDB.NET.Data;
using Finks.Cleansing.Values;

namespace Finks.Cleansing.Tests;

/// <summary>How texts of a reply become values.</summary>
public sealed class ValueTests : IDisposable
{
    private readonly CleansingFixture _lake = new();

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"N/A\"")]
    [InlineData("\"NULL\"")]
    [InlineData("\"null\"")]
    [InlineData("\"None\"")]
    public void Each_spelling_of_no_value_is_null(string spelling)
    {
        _lake.Receive("dividend", Fmp.List(Fmp.Dividend("2026-02-09", 0.26, spelling)));

        Assert.Equal(0, _lake.CleanseOne("dividend").Quarantined);
        Assert.Equal(["null"], _lake.Silver("dividend", "record_date"));
    }

    [Theory]
    [InlineData("4098415617064.9995", "4098415617064.99950000")]
    [InlineData("0.12345678901234567", "0.12345679")]
    [InlineData("1e3", "1000.00000000")]
    [InlineData("6.344979E-5", "0.00006345")]
    [InlineData("99999999999999999999.99999999", "99999999999999999999.99999999")]
    public void Prices_keep_every_digit_of_their_scale(string text, string expected)
    {
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", text)));

        _lake.Cleanse();

        Assert.Equal([expected], _lake.Silver("eod_price_raw", "close"));
    }

    [Theory]
    [InlineData("1e-11", "close (adjClose): '1e-11' is too small for DECIMAL(28,8) and would become 0")]
    [InlineData("1e20", "close (adjClose): '1e20' does not fit DECIMAL(28,8)")]
    [InlineData("\"1,000.5\"", "close (adjClose): '1,000.5' is not a number")]
    [InlineData("true", "close (adjClose): 'true' is not a number")]
    [InlineData("[1]", "close (adjClose): a list stands where a number belongs")]
    public void A_number_that_would_be_falsified_is_refused(string text, string reason)
    {
        _lake.Receive("eod_price_raw", Fmp.List(Fmp.Price("AAPL", "2026-03-02", text)));

        Assert.Equal(reason, Assert.Single(_lake.CleanseOne("eod_price_raw").Reasons).Reason);
    }

    [Theory]
    [InlineData("2025-10-30 18:01:36", "2025-10-30 22:01:36+00")] // daylight saving time: 4 hours
    [InlineData("2026-02-03 18:01:36", "2026-02-03 23:01:36+00")] // standard time: 5 hours
    [InlineData("2025-11-02 01:30:00", "2025-11-02 05:30:00+00")] // happens twice: the earlier
    [InlineData("2026-03-08 02:30:00", "2026-03-08 07:30:00+00")] // never was: moved on by the gap
    public void Acceptance_times_are_read_in_New_York_by_the_tz_database(string wallClock, string utc)
    {
        _lake.Receive("income_statement", $$"""[{"date":"2025-09-27","symbol":"AAPL","reportedCurrency":"USD","cik":"1","filingDate":"2025-10-31","acceptedDate":"{{wallClock}}","fiscalYear":2025,"period":"FY"}]""");

        _lake.Cleanse();

        Assert.Equal([utc], _lake.Silver("income_statement", "accepted_date"));
    }

    [Fact]
    public void A_date_with_a_dummy_time_is_a_date_and_an_escaped_text_is_unescaped()
    {
        _lake.Receive("eod_price_raw", """[{"symbol":"AAPL","date":"2026-03-02 00:00:00","adjClose":"12\u002e5"}]""");

        _lake.Cleanse();

        Assert.Equal(["AAPL|2026-03-02|12.50000000"], _lake.Silver("eod_price_raw", "symbol,date,close"));
    }

    [Fact]
    public void Decimals_agree_with_DuckDB_on_any_number()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select try_cast($text as decimal(28,8))::varchar";
        var text = command.CreateParameter();
        text.ParameterName = "text";
        command.Parameters.Add(text);
        Gen.Select(Gen.Long[0, 999_999_999_999], Gen.Int[0, 14], Gen.Bool).Sample(
            (digits, scale, exponent) =>
            {
                var point = new decimal((int)digits, (int)(digits >> 32), 0, false, (byte)scale);
                var number = exponent ? string.Create(CultureInfo.InvariantCulture, $"{digits}e-{scale}") : point.ToString(CultureInfo.InvariantCulture);
                text.Value = number;
                var expected = (string)command.ExecuteScalar()!;
                Assert.True(NumberText.TryParse(Encoding.UTF8.GetBytes(number), out var exact));
                Assert.Equal(expected, decimal.Round(exact, 8, MidpointRounding.AwayFromZero).ToString("0.00000000", CultureInfo.InvariantCulture));
            },
            iter: 2_000,
            threads: 1);
    }

    public void Dispose() => _lake.Dispose();
}
