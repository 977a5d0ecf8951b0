using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Finks.Simulator.Tests;

/// <summary>FMP's oddities, as measured by others and written down in its facts.</summary>
public class SimulatorServerTests
{
    private static readonly SyntheticMarket Market = new(new DateOnly(2025, 6, 13), symbols: 4, years: 7);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/stable/profile?symbol=NOPE", 200, "[]")]
    [InlineData("/stable/profile?symbol=FKA01,FKA02", 200, "[]")]
    [InlineData("/stable/historical-price-eod/full?symbol=FKA01&from=2025-02-01&to=2025-01-01", 200, "[]")]
    [InlineData("/stable/historical-price-eod/full?symbol=FKA01&from=yesterday", 200, "[]")]
    [InlineData("/stable/income-statement?symbol=FKA01&period=monthly", 200, "[]")]
    [InlineData("/stable/nowhere?symbol=FKA01", 404, "[]")]
    [InlineData("/stable/dividends", 400, "Query Error: Invalid or missing query parameter - symbol")]
    public async Task Oddities_are_kept(string request, int status, string body)
    {
        using var reply = await AskAsync(request, "any-key");
        Assert.Equal((status, body), ((int)reply.StatusCode, await reply.Content.ReadAsStringAsync(Stop)));
        Assert.Equal("application/json; charset=utf-8", reply.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("/stable/profile?symbol=FKA01", null, 401, "401_invalid_key.json")]
    [InlineData("/stable/profile?symbol=FKA01", "wrong", 401, "401_invalid_key.json")]
    [InlineData("/api/v3/historical-price-full/AAPL", "right", 403, "403_legacy_endpoint.json")]
    [InlineData("/stable/dividends", "right", 400, "400_missing_param.txt")]
    public async Task Errors_have_the_words_of_FMP(string request, string? key, int status, string quoted)
    {
        using var reply = await AskAsync(request, key, new SimulatorOptions { ApiKey = "right" });
        Assert.Equal(status, (int)reply.StatusCode);
        Assert.Equal(File.ReadAllText(Checkout.Shared("data", "fmp", "errors", quoted)).Trim(), await reply.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task The_key_may_stand_in_the_query()
    {
        using var reply = await AskAsync("/stable/profile?symbol=FKA01&apikey=right", null, new SimulatorOptions { ApiKey = "right" });
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Fact]
    public async Task The_tag_is_the_length_in_hex_and_27_characters_of_the_SHA1()
    {
        using var reply = await AskAsync("/stable/profile?symbol=FKA01", "any-key");
        var body = await reply.Content.ReadAsByteArrayAsync(Stop);
        var sha1 = Convert.ToBase64String(SHA1.HashData(body)).TrimEnd('=');
        Assert.Equal($"W/\"{body.Length:x}-{sha1}\"", reply.Headers.ETag!.ToString());
    }

    [Fact]
    public void Without_a_window_the_last_five_years_come_newest_first()
    {
        var rows = Ask.Rows(Market, "/stable/historical-price-eod/light?symbol=FKA01&unknown=1");
        Assert.Equal(("2025-06-13", "2020-06-15"), (rows[0].Date(), rows[^1].Date())); // 2020-06-13 was a Saturday
        Assert.Equal(rows.Select(r => r.Date()).OrderDescending(), rows.Select(r => r.Date()));
    }

    [Fact]
    public void A_window_includes_both_ends()
    {
        var rows = Ask.Rows(Market, "/stable/historical-price-eod/full?symbol=FKA01&from=2025-06-09&to=2025-06-11");
        Assert.Equal(["2025-06-11", "2025-06-10", "2025-06-09"], rows.Select(r => r.Date()));
    }

    [Theory]
    [InlineData("", 5, "FY")]
    [InlineData("&period=annual&limit=2", 2, "FY")]
    [InlineData("&period=quarter", 5, "Q1 Q2 Q3 Q4")]
    [InlineData("&period=Q3&limit=1000", 7, "Q3")]
    public void Statements_come_in_fives_unless_a_limit_is_given(string query, int count, string periods)
    {
        var rows = Ask.Rows(Market, $"/stable/income-statement?symbol=FKA01{query}");
        Assert.Equal(count, rows.Count);
        Assert.Equal(periods, string.Join(' ', rows.Select(r => r.GetProperty("period").GetString()).Distinct().Order()));
        Assert.Equal(rows.Select(r => r.Date()).OrderDescending(), rows.Select(r => r.Date()));
    }

    [Fact]
    public async Task Requests_are_counted_and_a_day_may_pass_while_it_runs()
    {
        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), Market, new StoppedClock(), Stop);
        using var http = new HttpClient { BaseAddress = server.BaseAddress };
        const string request = "/stable/historical-price-eod/light?symbol=FKA01&apikey=k";
        var before = await http.GetByteArrayAsync(request, Stop);
        server.Source = Market.AsOf(new DateOnly(2025, 6, 16));
        var after = await http.GetByteArrayAsync(request, Stop);
        Assert.Equal(("2025-06-13", "2025-06-16"), (Ask.Parse(before)[0].Date(), Ask.Parse(after)[0].Date()));
        Assert.Equal(2, server.RequestCount);
    }

    [Fact]
    public async Task Many_callers_at_once_get_what_one_gets()
    {
        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), new SyntheticMarket(new DateOnly(2025, 6, 13), symbols: 8, years: 2), new StoppedClock(), Stop);
        using var http = new HttpClient { BaseAddress = server.BaseAddress };
        var fresh = new SyntheticMarket(new DateOnly(2025, 6, 13), symbols: 8, years: 2);
        var requests = Enumerable.Range(0, 200).Select(i => $"{Endpoints.All[i % 8]}?symbol=FKA0{(i % 7) + 1}").ToList();
        var bodies = await Task.WhenAll(requests.Select(r => http.GetByteArrayAsync(r + "&apikey=k", Stop)));
        for (var i = 0; i < requests.Count; i++)
            Assert.Equal(Encoding.UTF8.GetString(Ask.Bytes(fresh, requests[i])), Encoding.UTF8.GetString(bodies[i]));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_reported()
    {
        await using var first = await SimulatorServer.StartAsync(new SimulatorOptions(), Market, new StoppedClock(), Stop);
        var options = new SimulatorOptions { Port = first.BaseAddress.Port };
        var refused = await Assert.ThrowsAsync<IOException>(() => SimulatorServer.StartAsync(options, Market, new StoppedClock(), Stop));
        Assert.Contains("address already in use", refused.Message);
    }

    private static async Task<HttpResponseMessage> AskAsync(string request, string? key, SimulatorOptions? options = null)
    {
        await using var server = await SimulatorServer.StartAsync(options ?? new SimulatorOptions(), Market, new StoppedClock(), Stop);
        using var http = new HttpClient();
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri(server.BaseAddress, request));
        if (key is not null)
            message.Headers.Add("apikey", key);
        return await http.SendAsync(message, Stop);
    }
}
