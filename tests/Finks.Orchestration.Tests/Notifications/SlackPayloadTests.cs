using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Finks.Orchestration.Notifications;

namespace Finks.Orchestration.Tests.Notifications;

/// <summary>Limits as in Slack's reference of blocks and composition objects.</summary>
public sealed class SlackPayloadTests
{
    [Fact]
    public void A_failure_shows_what_why_what_to_do_and_where()
    {
        var payload = SlackPayload.Of(new NotificationMessage(Samples.Failure, Repeats: 3));
        var blocks = payload["blocks"]!.AsArray();

        Assert.Equal("prod: daily failed: The gate refused 3 rows of &lt;prices&gt; &amp; more.", payload.Text("text"));
        Assert.Equal(["header", "section", "section", "section", "context", "actions"], blocks.Select(b => b.Text("type")));
        Assert.Equal("🔴 prod: daily failed", blocks.Text(0, "text", "text"));
        Assert.Equal(Samples.Failure.Reason, blocks.Text(1, "text", "text"));
        Assert.Equal("plain_text", blocks.Text(1, "text", "type")); // so nothing in it is markup
        Assert.Equal("3 more like this since the last message.", blocks.Text(2, "text", "text"));
        Assert.Equal("```finks quarantine list --dataset prices &gt; rows.txt```", blocks.Text(3, "text", "text"));
        Assert.Equal("Flow run 01234567-89ab-cdef-0123-456789abcdef, 2026-11-23T09:00:00Z", blocks.Text(4, "elements", 0, "text"));
        Assert.Equal("https://finks.example.com/runs/01234567?tab=log", blocks.Text(5, "elements", 0, "url"));
    }

    [Fact]
    public void A_recovery_says_so()
    {
        var payload = SlackPayload.Of(new NotificationMessage(Samples.Success with { Link = null }, Repeats: 1, IsRecovery: true));

        Assert.Equal(
            ["✅ prod: daily has recovered", "All is well.", "1 more failure since the last message."],
            payload["blocks"]!.AsArray().Where(b => b.Text("type") != "context").Select(b => b.Text("text", "text")));
    }

    [Fact]
    public void A_command_cannot_break_out_of_its_fence()
    {
        var payload = SlackPayload.Of(new NotificationMessage(Samples.Failure with { NextCommand = "echo ```<!channel>" }));

        Assert.Equal("```echo '''&lt;!channel&gt;```", payload["blocks"]![2].Text("text", "text"));
    }

    [Fact]
    public void No_text_is_longer_than_Slack_takes_nor_empty_nor_cut_within_a_character() =>
        Gen.Select(Texts, Texts, Texts, Gen.Int[0, 4000]).Sample((flow, reason, command, link) =>
        {
            var payload = SlackPayload.Of(new NotificationMessage(
                Samples.Failure with { Flow = flow, Reason = reason, NextCommand = command, Link = new Uri("https://x.example/" + new string('a', link)) }, Repeats: long.MaxValue));

            Assert.InRange(payload.Text("text").Length, 1, 4000);
            foreach (var block in payload["blocks"]!.AsArray())
            {
                var texts = block!["elements"] is JsonArray elements ? elements : [block["text"]!.DeepClone()];
                foreach (var element in texts)
                    CheckElement(block.Text("type"), element!);
            }
        });

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[0, 50], Gen.Int[0, 7000].Select(n => new string('x', n)), Gen.Int[0, 2000].Select(n => new string('&', n)), Gen.Int[0, 1600].Select(n => string.Concat(Enumerable.Repeat("🦈", n))));

    private static void CheckElement(string block, JsonNode element)
    {
        if (element.Text("type") == "button")
        {
            Assert.InRange(element.Text("url").Length, 1, 3000);
            Assert.InRange(element.Text("text", "text").Length, 1, 75);
            return;
        }

        var text = element.Text("text");
        Assert.InRange(text.Length, 1, block == "header" ? 150 : 3000);
        Assert.Equal(text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))); // no half of a surrogate pair
        if (element.Text("type") == "mrkdwn")
            Assert.DoesNotMatch("&(?!(amp|lt|gt);)|[<>]", text);
    }
}
