using System.Text;
using System.Text.Json;

namespace Finks.Fmp.Tests;

public class ReplyClassifierTests
{
    /// <summary>What fmp.md, section 5, says of each quoted error body.</summary>
    private static readonly Dictionary<string, ReplyOutcome> Meanings = new()
    {
        ["401_invalid_key.json"] = ReplyOutcome.Unauthorized,
        ["403_legacy_endpoint.json"] = ReplyOutcome.Forbidden,
        ["400_missing_param.txt"] = ReplyOutcome.BadRequest,
        ["400_page_ceiling.txt"] = ReplyOutcome.BadRequest,
        ["400_invalid_exchange.txt"] = ReplyOutcome.BadRequest,
        ["400_invalid_timeframe.txt"] = ReplyOutcome.BadRequest,
        ["200_invalid_name.txt"] = ReplyOutcome.UpstreamText,
        ["200_xlsx_miss.txt"] = ReplyOutcome.UpstreamText,
        ["402_restricted_endpoint.txt"] = ReplyOutcome.NotEntitledEndpoint,
        ["402_special_endpoint_symbol.txt"] = ReplyOutcome.NotEntitledSymbol,
        ["429_limit_reach.json"] = ReplyOutcome.ThrottledMinute,
        ["429_bandwidth.json"] = ReplyOutcome.ThrottledBandwidth,
        ["200_bulk_limit_reach.json"] = ReplyOutcome.ThrottledMinute,
        ["404_unknown_path.json"] = ReplyOutcome.UnknownPath,
        ["200_empty.json"] = ReplyOutcome.Empty,
    };

    [Fact]
    public void Every_known_error_body_is_recognised()
    {
        var errors = Entries().Where(e => e.File.StartsWith("errors/", StringComparison.Ordinal)).ToList();
        Assert.Equal(Meanings.Count, errors.Count);
        Assert.All(errors, e => Assert.Equal(Meanings[Path.GetFileName(e.File)], ReplyClassifier.Classify(e.Status, e.ContentType, e.Body).Outcome));
        Assert.All(errors.Where(e => e.Body.Length > 2), e => Assert.NotEmpty(ReplyClassifier.Classify(e.Status, e.ContentType, e.Body).Message));
    }

    [Fact]
    public void Every_recorded_reply_is_data()
    {
        var recorded = Entries().Where(e => e.Provenance.StartsWith("recorded", StringComparison.Ordinal)).ToList();
        Assert.True(recorded.Count > 80);
        Assert.All(recorded, e => Assert.Equal(new ReplyVerdict(ReplyOutcome.Rows, ""), ReplyClassifier.Classify(e.Status, e.ContentType, e.Body)));
        Assert.All(recorded, e => Assert.Equal(ReplyOutcome.Rows, ReplyClassifier.Classify(e.Status, "application/json", e.Body).Outcome));
    }

    [Fact]
    public void Every_recorded_reply_cut_anywhere_in_its_last_half_is_garbage()
    {
        var json = Entries().Where(e => e.Provenance == "recorded" && e.File.EndsWith(".json", StringComparison.Ordinal)).ToList();
        Assert.All(json, e =>
        {
            var whole = e.Body.AsSpan().TrimEnd("\r\n "u8);
            for (var length = whole.Length / 2; length < whole.Length; length += 1 + (whole.Length / 40))
                Assert.Equal(ReplyOutcome.Garbage, ReplyClassifier.Classify(200, "application/json", whole[..length]).Outcome);
        });
    }

    [Theory]
    [InlineData(200, """{"Error Message":"Limit Reach . Please upgrade"}""", ReplyOutcome.ThrottledMinute)]
    [InlineData(200, """[{"Error Message":"Invalid API KEY. Feel free"}]""", ReplyOutcome.Unauthorized)]
    [InlineData(200, """{"error":"nothing for you"}""", ReplyOutcome.UpstreamText)]
    [InlineData(200, """{"a":{"error":"inner"}}""", ReplyOutcome.Rows)]
    [InlineData(200, """[{"error":"x"},{"error":"y"}]""", ReplyOutcome.Rows)]
    [InlineData(200, " [ ] ", ReplyOutcome.Empty)]
    [InlineData(400, """[{"symbol":"A"}]""", ReplyOutcome.BadRequest)]
    [InlineData(404, "[]", ReplyOutcome.UnknownPath)]
    [InlineData(429, "Too Many Requests", ReplyOutcome.ThrottledMinute)]
    [InlineData(200, "[{\"a\":1},,]", ReplyOutcome.Garbage)]
    [InlineData(200, "[1] [2]", ReplyOutcome.Garbage)]
    [InlineData(200, "", ReplyOutcome.Garbage)]
    [InlineData(500, "[{\"a\":1", ReplyOutcome.ServerError)]
    [InlineData(502, "<html>Bad gateway</html>", ReplyOutcome.ServerError)]
    [InlineData(429, "<html>Slow down</html>", ReplyOutcome.ThrottledMinute)]
    [InlineData(403, "<html>Blocked</html>", ReplyOutcome.Html)]
    [InlineData(200, "<html>Welcome</html>", ReplyOutcome.Html)]
    [InlineData(200, "\uFEFF\"symbol\",\"Stock Price\"\n\"A\",1\n", ReplyOutcome.Rows)]
    [InlineData(200, "Sorry, no data for you", ReplyOutcome.UpstreamText)]
    [InlineData(408, "", ReplyOutcome.ServerError)]
    public void The_body_is_judged_before_the_status(int status, string body, ReplyOutcome expected) =>
        Assert.Equal(expected, ReplyClassifier.Classify(status, "application/json", Encoding.UTF8.GetBytes(body)).Outcome);

    [Fact]
    public void Broken_utf8_in_a_list_is_garbage() =>
        Assert.Equal(ReplyOutcome.Garbage, ReplyClassifier.Classify(200, null, [.. "[{\"a\":\""u8, 0xC3, 0x28, .. "\"}]"u8]).Outcome);

    [Fact]
    public void An_error_text_is_cut_to_500_characters() =>
        Assert.Equal(500, ReplyClassifier.Classify(400, null, Encoding.UTF8.GetBytes(new string('x', 9000))).Message.Length);

    private static List<Entry> Entries()
    {
        var folder = Checkout.Shared("data", "fmp");
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        return [.. index.RootElement.GetProperty("files").EnumerateArray().Select(f => new Entry(
            f.GetProperty("file").GetString()!,
            f.GetProperty("status").ValueKind == JsonValueKind.Number ? f.GetProperty("status").GetInt32() : 200,
            f.GetProperty("content_type").GetString(),
            f.GetProperty("provenance").GetString()!,
            File.ReadAllBytes(Path.Combine(folder, f.GetProperty("file").GetString()!))))];
    }

    private sealed record Entry(string File, int Status, string? ContentType, string Provenance, byte[] Body);
}
