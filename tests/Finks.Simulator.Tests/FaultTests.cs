using System.Text;
using Finks.Fmp;

namespace Finks.Simulator.Tests;

public class FaultTests
{
    private const string List = """[{"symbol":"A","date":"2025-01-02","price":1.5},{"symbol":"A","date":"2025-01-01","price":2}]""";
    private static readonly SyntheticMarket Market = new(new DateOnly(2025, 6, 13), symbols: 2, years: 1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void One_row_is_there_twice() => Assert.Equal(
        """[{"symbol":"A","date":"2025-01-02","price":1.5},{"symbol":"A","date":"2025-01-01","price":2},{"symbol":"A","date":"2025-01-01","price":2}]""",
        Text(DamagedRows.Duplicate(Encoding.UTF8.GetBytes(List), row: 1)));

    [Theory]
    [InlineData("symbol", """[{"date":"2025-01-02","price":1.5},{"symbol":"A","date":"2025-01-01","price":2}]""")]
    [InlineData("date", """[{"symbol":"A","price":1.5},{"symbol":"A","date":"2025-01-01","price":2}]""")]
    [InlineData("price", """[{"symbol":"A","date":"2025-01-02"},{"symbol":"A","date":"2025-01-01","price":2}]""")]
    [InlineData("other", List)]
    public void One_field_is_gone_and_the_rest_is_as_it_was(string field, string expected) =>
        Assert.Equal(expected, Text(DamagedRows.Remove(Encoding.UTF8.GetBytes(List), row: 0, field)));

    [Fact]
    public void A_text_stands_where_a_number_belongs() => Assert.Equal(
        """[{"symbol":"A","date":"2025-01-02","price":1.5},{"symbol":"A","date":"2025-01-01","price":"x"}]""",
        Text(DamagedRows.Replace(Encoding.UTF8.GetBytes(List), row: 1, "price", "\"x\""u8)));

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"a":1}""")]
    public void What_has_no_such_row_stays_as_it_is(string body) =>
        Assert.Equal(body, Text(DamagedRows.Remove(DamagedRows.Duplicate(Encoding.UTF8.GetBytes(body), row: 3), row: 3, "a")));

    [Fact]
    public void A_rule_strikes_at_its_path_symbol_and_number_only()
    {
        var plan = new FaultPlan([
            new FaultRule(FaultKind.Garbage) { Path = "/stable/historical-price-eod/*", Symbol = "A", From = 2, Times = 2 },
            new FaultRule(FaultKind.ServerError) { Path = "/stable/splits", Times = null },
        ]);
        FaultKind?[] Strikes(string request, int times) => [.. Enumerable.Range(0, times).Select(_ => plan.Next(Ask.Request(request))?.Kind)];

        Assert.Equal([null, null], Strikes("/stable/historical-price-eod/full?symbol=B", 2));
        Assert.Equal([null, null], Strikes("/stable/profile?symbol=A", 2));
        Assert.Equal([null, FaultKind.Garbage, FaultKind.Garbage, null], Strikes("/stable/historical-price-eod/full?symbol=A", 4));
        Assert.Equal([FaultKind.ServerError, FaultKind.ServerError], Strikes("/stable/splits?symbol=A", 2));
    }

    /// <summary>The client's judgement is the oracle of what a damaged reply looks like from outside.</summary>
    [Theory]
    [InlineData(FaultKind.Garbage, ReplyOutcome.Garbage)]
    [InlineData(FaultKind.Truncated, ReplyOutcome.Garbage)]
    [InlineData(FaultKind.ConnectionCut, ReplyOutcome.Garbage)]
    [InlineData(FaultKind.HtmlPage, ReplyOutcome.Html)]
    [InlineData(FaultKind.ErrorObject, ReplyOutcome.ThrottledMinute)]
    [InlineData(FaultKind.Throttled, ReplyOutcome.ThrottledMinute)]
    [InlineData(FaultKind.ServerError, ReplyOutcome.ServerError)]
    [InlineData(FaultKind.DuplicateRow, ReplyOutcome.Rows)]
    [InlineData(FaultKind.MissingField, ReplyOutcome.Rows)]
    [InlineData(FaultKind.TextForNumber, ReplyOutcome.Rows)]
    public async Task A_client_sees_the_fault_once_and_the_right_reply_after_it(FaultKind kind, ReplyOutcome expected)
    {
        var options = new SimulatorOptions { Faults = [new FaultRule(kind) { Field = "adjClose" }] };
        await using var server = await SimulatorServer.StartAsync(options, Market, new StoppedClock(), Stop);
        using var http = new HttpClient(FmpClient.CreateHandler());
        var client = new FmpClient(http, Once(server), new StoppedClock(), new Random(1));
        var request = new FmpRequest(Endpoints.AsTraded, KeyValuePair.Create("symbol", "FKA01"));
        var right = Ask.Bytes(Market, $"{Endpoints.AsTraded}?symbol=FKA01");

        var damaged = await client.GetAsync(request, Stop);
        Assert.Equal(expected, damaged.Outcome);
        Assert.NotEqual(right, damaged.Body);
        Assert.Equal(right, (await client.GetAsync(request, Stop)).Body);
    }

    private static FmpOptions Once(SimulatorServer server) =>
        new() { ApiKey = "a-test-key", BaseAddress = server.BaseAddress, MaxAttempts = 1, MaxAttemptsForGarbage = 1, CallsPerMinute = null };

    private static string Text(byte[] body) => Encoding.UTF8.GetString(body);
}
