using System.Net;
using System.Text;
using Finks.Simulator;

namespace Finks.Fmp.Tests;

public class KeySecrecyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_that_echoes_the_key_leaves_the_client_without_it()
    {
        await using var stage = await Stage.SetAsync(new FaultRule(FaultKind.HtmlPage));
        var reply = await stage.Client.GetAsync(Stage.Profile, Stop);
        Assert.Equal(ReplyOutcome.Html, reply.Outcome);
        Assert.Contains("?apikey=[key removed]", Encoding.UTF8.GetString(reply.Body));
        AssertNoKey(reply);
    }

    [Theory]
    [InlineData(FaultKind.ServerError)]
    [InlineData(FaultKind.Garbage)]
    [InlineData(FaultKind.Throttled)]
    [InlineData(FaultKind.ConnectionCut)]
    public async Task No_reply_shows_the_key(FaultKind kind)
    {
        await using var stage = await Stage.SetAsync(new FaultRule(kind) { Times = null });
        AssertNoKey(await stage.Client.GetAsync(Stage.Profile, Stop));
    }

    [Fact]
    public async Task No_exception_shows_the_key()
    {
        await using var stage = await Stage.SetAsync(new FaultRule(FaultKind.ConnectionReset) { Times = null });
        var thrown = await Assert.ThrowsAsync<FmpTransportException>(() => stage.Client.GetAsync(Stage.Profile, Stop));
        Assert.DoesNotContain(Stage.Key, thrown.ToString());
    }

    [Fact]
    public async Task A_handler_that_fails_with_the_key_in_its_words_does_not_leak_it()
    {
        using var http = new HttpClient(new Leaking());
        var options = new FmpOptions { ApiKey = Stage.Key, MaxAttempts = 1, MaxAttemptsForGarbage = 1 };
        var client = new FmpClient(http, options, new SteppingClock(options.AttemptTimeout), new Random(1));
        var thrown = await Assert.ThrowsAsync<FmpTransportException>(() => client.GetAsync(Stage.Profile, Stop));
        Assert.DoesNotContain(Stage.Key, thrown.ToString());
        Assert.Contains("[key removed]", thrown.Message);
    }

    [Fact]
    public async Task The_key_travels_in_a_header_only()
    {
        var seen = new Listening(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("[]") });
        await Ask(seen);
        var sent = Assert.Single(seen.Requests);
        Assert.Equal([Stage.Key], sent.Headers.GetValues("apikey"));
        Assert.DoesNotContain(Stage.Key, sent.RequestUri!.OriginalString);
        Assert.All(sent.Headers.Where(h => h.Key != "apikey"), h => Assert.DoesNotContain(h.Value, v => v.Contains(Stage.Key, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_redirect_to_another_origin_is_refused()
    {
        var away = new HttpResponseMessage(HttpStatusCode.Redirect) { Content = new StringContent(""), Headers = { Location = new Uri($"https://evil.example/?k={Stage.Key}") } };
        var seen = new Listening(away);
        var reply = await Ask(seen);
        Assert.Single(seen.Requests);
        Assert.Equal((ReplyOutcome.BadRequest, 302), (reply.Outcome, reply.Status));
        Assert.Contains("evil.example", reply.Message);
        AssertNoKey(reply);
        using var handler = FmpClient.CreateHandler();
        Assert.False(handler.AllowAutoRedirect);
    }

    private static async Task<FmpReply> Ask(HttpMessageHandler handler)
    {
        using var http = new HttpClient(handler);
        var options = new FmpOptions { ApiKey = Stage.Key };
        return await new FmpClient(http, options, new SteppingClock(options.AttemptTimeout), new Random(1)).GetAsync(Stage.Profile, Stop);
    }

    private static void AssertNoKey(FmpReply reply)
    {
        Assert.DoesNotContain(Stage.Key, Encoding.Latin1.GetString(reply.Body));
        Assert.DoesNotContain(Stage.Key, reply.Message);
        Assert.DoesNotContain(Stage.Key, reply.ToString());
        Assert.DoesNotContain(Stage.Key, reply.Request.PathAndQuery);
        Assert.All(reply.Headers, header => Assert.DoesNotContain(Stage.Key, header.Value));
    }

    private sealed class Listening(HttpResponseMessage answer) : HttpMessageHandler
    {
        public List<HttpRequestMessage> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request);
            return Task.FromResult(answer);
        }
    }

    private sealed class Leaking : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException($"Could not reach https://host/?apikey={Stage.Key}");
    }
}
