using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Prefect.Reports;
using Finks.Orchestration.Runs;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Orchestration.Tests.Prefect;

/// <summary>Log lines and artifacts on their way to the server.</summary>
public sealed class ReportTests(PrefectServer server)
{
    private static readonly Guid Run = new("0198c1f0-0000-7000-8000-000000000001");
    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentQueue<string> _warnings = new();

    [Fact]
    public async Task Logs_and_artifacts_arrive_on_the_real_server()
    {
        await using var desk = new Desk(server);
        var run = await desk.BegunAsync();
        var task = await desk.TaskAsync(run, "0");
        for (var i = 0; i < 2500; i++)
            desk.Backend.Log(new RunLogLine(run.Id, i == 0 ? task.Id : null, desk.Clock.GetUtcNow(), LogLevel.Warning, $"line {i} größer\n\"二\""));
        desk.Backend.Put(run.Id, task.Id, new Artifact.Markdown("rows", "# 3 rows", "what came"));
        desk.Backend.Put(run.Id, null, new Artifact.Link("lake", new Uri("https://lake.test/a b"), "the lake"));
        desk.Backend.Put(run.Id, null, new Artifact.Progress("load", 0.25));
        await desk.Backend.FlushAsync(Desk.Stop);
        desk.Backend.Put(run.Id, null, new Artifact.Progress("load", 0.5));
        desk.Backend.Put(run.Id, null, new Artifact.Progress("load", 1));
        await desk.Backend.FlushAsync(Desk.Stop);

        var ofRun = new JsonObject { ["flow_run_id"] = new JsonObject { ["any_"] = new JsonArray($"{run.Id}") } };
        var lines = new List<JsonNode>();
        while (await server.PostAsync("/logs/filter", new JsonObject { ["logs"] = ofRun.DeepClone(), ["limit"] = 200, ["offset"] = lines.Count })
            is JsonArray { Count: > 0 } page)
            lines.AddRange(page!);
        Assert.Equal(Enumerable.Range(0, 2500).Select(i => $"line {i} größer\n\"二\""), lines.Select(l => l["message"]!.GetValue<string>()));
        Assert.All(lines, line => Assert.Equal(30, line["level"]!.GetValue<int>()));
        Assert.Single(lines, line => line["task_run_id"]?.GetValue<string>() == task.Id.ToString());
        var artifacts = (await server.PostAsync("/artifacts/filter", new JsonObject { ["artifacts"] = ofRun.DeepClone() }))!.AsArray();
        Assert.Equal(
            [("lake", "markdown", "\"[the lake](https://lake.test/a%20b)\""), ("load", "progress", "100"), ("rows", "markdown", "\"# 3 rows\"")],
            artifacts.Select(a => (a!["key"]!.GetValue<string>(), a["type"]!.GetValue<string>(), a["data"]!.ToJsonString().Replace("100.0", "100")))
                .Order());
        Assert.Empty(desk.Warnings);
    }

    [Fact]
    public async Task Batches_keep_below_the_limits_of_bytes_and_lines()
    {
        var sent = new ConcurrentQueue<JsonArray>();
        await using (var queue = Queue(call => Keep(sent, call)))
        {
            for (var i = 0; i < 1500; i++)
                queue.Add(Line("short"));
            for (var i = 0; i < 10; i++)
                queue.Add(Line(new string('x', 900_000)));
        }

        Assert.Equal(1510, sent.Sum(batch => batch.Count));
        Assert.All(sent, batch => Assert.InRange(batch.Count, 1, 1000));
        Assert.All(sent, batch => Assert.InRange(Encoding.UTF8.GetByteCount(batch.ToJsonString()), 1, 3_000_000));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("ß")]
    [InlineData("二")]
    [InlineData("😀")]
    public async Task A_line_of_more_than_a_megabyte_is_cut_between_characters_and_says_so(string character)
    {
        var sent = new ConcurrentQueue<JsonArray>();
        await using (var queue = Queue(call => Keep(sent, call)))
            queue.Add(Line(string.Concat(Enumerable.Repeat(character, 1_100_000))));

        var text = Assert.Single(Assert.Single(sent))!["message"]!.GetValue<string>();
        Assert.EndsWith(character + " … (cut at 1 MB)", text, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 300_000, 1_000_000);
    }

    [Fact]
    public async Task An_outage_is_told_once_and_loses_nothing()
    {
        var sent = new ConcurrentQueue<JsonArray>();
        var away = true;
        await using (var queue = Queue(call => away ? throw new HttpRequestException("connection refused") : Keep(sent, call)))
        {
            queue.Add(Line("first"));
            await queue.FlushAsync(CancellationToken.None);
            queue.Add(Line("second"));
            await queue.FlushAsync(CancellationToken.None);
            away = false;
        }

        Assert.Equal(["first", "second"], sent.SelectMany(batch => batch).Select(line => line!["message"]!.GetValue<string>()));
        Assert.StartsWith("Log lines and artifacts wait until the server takes them.", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_never_reached_the_server_is_counted_at_the_end()
    {
        await using (var queue = Queue(_ => throw new HttpRequestException("connection refused")))
        {
            queue.Add(Line("first"));
            queue.Put(Run, null, new Artifact.Markdown("a", "text"));
        }

        Assert.Equal("1 log lines and 1 artifacts never reached the server.", _warnings.Last());
    }

    [Fact]
    public async Task A_full_queue_is_told_once_and_what_it_lost_is_counted()
    {
        var sent = new ConcurrentQueue<JsonArray>();
        await using (var queue = Queue(call => Keep(sent, call), maxBytes: 2_000_000))
        {
            for (var i = 0; i < 5; i++)
                queue.Add(Line(new string('x', 900_000)));
            Assert.Single(_warnings);
        }

        Assert.Equal(2, sent.Sum(batch => batch.Count));
        Assert.Equal("3 log lines and 0 artifacts never reached the server.", _warnings.Last());
    }

    [Fact]
    public async Task A_batch_that_the_server_will_never_take_does_not_hold_up_those_behind_it()
    {
        var sent = new ConcurrentQueue<JsonArray>();
        await using (var queue = Queue(call => call.Number == 1
            ? ScriptedServer.Reply(HttpStatusCode.UnprocessableEntity, """{"detail":"no"}""")
            : Keep(sent, call)))
        {
            for (var i = 0; i < 1001; i++)
                queue.Add(Line($"{i}"));
        }

        Assert.Equal("1000", Assert.Single(Assert.Single(sent))!["message"]!.GetValue<string>());
        Assert.Contains("refused 1000 log lines for good", _warnings.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_are_sent_by_the_clock_without_being_asked()
    {
        var sent = new ConcurrentQueue<JsonArray>();
        await using var queue = Queue(call => Keep(sent, call));
        queue.Add(Line("first"));

        while (sent.IsEmpty)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        Assert.Single(sent);
    }

    private static HttpResponseMessage Keep(ConcurrentQueue<JsonArray> sent, ScriptedServer.Call call)
    {
        sent.Enqueue(call.Body!.AsArray());
        return ScriptedServer.Reply(HttpStatusCode.Created, "");
    }

    private static RunLogLine Line(string text) => new(Run, null, DateTimeOffset.UnixEpoch, LogLevel.Info, text);

    private ReportQueue Queue(Func<ScriptedServer.Call, HttpResponseMessage> answer, long maxBytes = 64 << 20)
    {
        var options = new PrefectOptions { ApiUrl = new Uri("http://prefect.test/api"), Time = _clock, Random = new Random(1), Tries = 1 };
        var client = new PrefectClient(new HttpClient(new ScriptedServer(answer)), options);
        return new ReportQueue(client, new PrefectBackendOptions { Warn = _warnings.Enqueue, MaxReportBytes = maxBytes }, _clock);
    }
}
