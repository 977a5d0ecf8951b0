using System.Security.Cryptography;
using System.Text.Json;

namespace Finks.Simulator.Tests;

public class RecordedRepliesTests
{
    [Fact]
    public async Task Every_recorded_request_gets_its_bytes_status_and_type_whatever_the_order_of_its_query()
    {
        var folder = Checkout.Shared("data", "fmp");
        var stop = TestContext.Current.CancellationToken;
        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), RecordedReplies.Open(folder), new StoppedClock(), stop);
        using var http = new HttpClient { BaseAddress = server.BaseAddress };
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        var recorded = index.RootElement.GetProperty("files").EnumerateArray().Where(f => f.GetProperty("provenance").GetString() == "recorded").ToList();
        var hashes = recorded.ToLookup(f => f.GetProperty("request").GetString()!, f => f.GetProperty("sha256").GetString());
        Assert.True(hashes.Count > 60);
        foreach (var request in hashes)
        {
            using var reply = await http.GetAsync(new Uri(server.BaseAddress, Reversed(request.Key)), stop);
            Assert.Equal(200, (int)reply.StatusCode);
            Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(await reply.Content.ReadAsByteArrayAsync(stop))), request);
            Assert.Contains(recorded, f => f.GetProperty("content_type").GetString() == reply.Content.Headers.ContentType!.ToString());
        }
    }

    [Fact]
    public void A_window_that_was_not_recorded_gets_the_recorded_reply_of_the_symbol_and_period()
    {
        var replies = RecordedReplies.Open(Checkout.Shared("data", "fmp"));
        Assert.Equal(5, Ask.Rows(replies, "/stable/income-statement?symbol=AAPL&limit=1000").Count);
        Assert.All(Ask.Rows(replies, "/stable/income-statement?symbol=AAPL&limit=1000&period=quarter"), r => Assert.StartsWith("Q", r.GetProperty("period").GetString()));
        Assert.Equal("2020-09-02", Ask.Rows(replies, "/stable/historical-price-eod/non-split-adjusted?symbol=AAPL&from=1990-01-01")[0].Date());
    }

    [Fact]
    public void What_was_never_recorded_is_an_empty_list_and_an_unknown_path_is_unknown()
    {
        var replies = RecordedReplies.Open(Checkout.Shared("data", "fmp"));
        Assert.Empty(Ask.Rows(replies, "/stable/profile?symbol=NOPE"));
        Assert.Null(replies.Answer(Ask.Request("/stable/nowhere")));
    }

    [Fact]
    public void Symbols_and_dates_are_those_recorded()
    {
        var replies = RecordedReplies.Open(Checkout.Shared("data", "fmp"));
        Assert.Equal(["AAPL", "GLIBK"], replies.Symbols);
        Assert.Equal((new DateOnly(2020, 8, 27), new DateOnly(2025, 8, 11)), (replies.First, replies.Until));
    }

    private static string Reversed(string request)
    {
        var parts = request.Split('?', 2);
        var values = parts.Length > 1 ? parts[1].Split('&').Reverse() : [];
        return $"{parts[0]}?{string.Join('&', values.Append("apikey=anything"))}";
    }
}
