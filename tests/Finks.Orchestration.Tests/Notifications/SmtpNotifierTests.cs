using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Finks.Orchestration.Notifications;

namespace Finks.Orchestration.Tests.Notifications;

public sealed class SmtpNotifierTests
{
    private static readonly NotificationMessage Message = new(Samples.Failure);

    private readonly ImpatientClock _clock = new();

    /// <summary>Python's server and its reader of e-mail say what arrived.</summary>
    [Fact]
    public async Task An_independent_server_gets_the_message_that_an_independent_reader_reads()
    {
        const string server =
            """
            import asyncore, email, email.policy, json, smtpd, sys
            class Sink(smtpd.SMTPServer):
                def process_message(self, peer, mailfrom, rcpttos, data, **kwargs):
                    m = email.message_from_bytes(data, policy=email.policy.default)
                    print(json.dumps({"envelope_from": mailfrom, "envelope_to": rcpttos, "subject": m["subject"], "from": m["from"], "to": m["to"],
                        "date": m["date"].datetime.isoformat(), "id": m["message-id"], "text": m.get_content(), "defects": [str(d) for d in m.defects]}), flush=True)
            sink = Sink(("127.0.0.1", 0), None, decode_data=False)
            print(sink.socket.getsockname()[1], flush=True)
            asyncore.loop(timeout=1)
            """;
        if (Oracle.Run("python3", ["-W", "ignore", "-c", "import smtpd"]).ExitCode != 0)
            Assert.Skip("needs a Python with the module smtpd, 3.11 or older: apt-get install python3.11");
        using var python = Process.Start(new ProcessStartInfo("python3", ["-W", "ignore", "-c", server]) { RedirectStandardOutput = true })!;
        try
        {
            var port = int.Parse((await python.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, CultureInfo.InvariantCulture);
            var notification = Samples.Failure with { Flow = "Kurse täglich\r\nBcc: all@example.com 中文", Reason = ".\r\n..\n" + new string('ß', 2000) + "\nFrom here" };
            var notifier = new SmtpNotifier(Settings(port) with { StartTls = false, To = ["b@example.com", "Çelik <c@example.com>"] }, _clock);

            Assert.Null(await notifier.SendAsync(new NotificationMessage(notification, Repeats: 2), TestContext.Current.CancellationToken));

            var got = JsonNode.Parse((await python.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!)!;
            Assert.Equal("finks@example.com", got.Text("envelope_from"));
            Assert.Equal(["b@example.com", "c@example.com"], got["envelope_to"]!.AsArray().Select(to => to!.GetValue<string>()));
            Assert.Equal("prod: Kurse täglich Bcc: all@example.com 中文 failed", got.Text("subject"));
            Assert.Equal("Finks <finks@example.com>", got.Text("from"));
            Assert.Equal("b@example.com, Çelik <c@example.com>", got.Text("to"));
            Assert.Equal("2026-11-23T09:00:00+00:00", got.Text("date"));
            Assert.Equal("<0123456789abcdef0123456789abcdef.failed@finks.example.com>", got.Text("id"));
            Assert.Empty(got["defects"]!.AsArray());
            Assert.Equal(
                $"""
                prod: Kurse täglich Bcc: all@example.com 中文 failed

                .
                ..
                {new string('ß', 2000)}
                From here
                2 more like this since the last message.

                Next: finks quarantine list --dataset prices > rows.txt

                Flow run 01234567-89ab-cdef-0123-456789abcdef, 2026-11-23T09:00:00Z
                https://finks.example.com/runs/01234567?tab=log
                """,
                got.Text("text").ReplaceLineEndings("\n").TrimEnd('\n')); // the server takes the last line's end for the end of the data
        }
        finally
        {
            python.Kill();
            await python.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task The_password_and_the_message_go_over_STARTTLS_only()
    {
        using var sink = new SmtpSink { Password = "verysecret" };

        Assert.Null(await SendAsync(sink, Settings(sink.Port) with { User = "finks", Password = new Secret("verysecret") }));

        var (message, encrypted, user) = Assert.Single(sink.Messages);
        Assert.True(encrypted);
        Assert.Equal("finks", user);
        Assert.Contains("The gate refused 3 rows", message, StringComparison.Ordinal);
        Assert.Equal(["EHLO", "STARTTLS"], sink.ClearLines.Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task A_server_whose_certificate_is_not_trusted_gets_nothing()
    {
        using var sink = new SmtpSink { Password = "verysecret" };

        var problem = await new SmtpNotifier(Settings(sink.Port) with { User = "finks", Password = new Secret("verysecret") }, _clock)
            .SendAsync(Message, TestContext.Current.CancellationToken);

        Assert.Contains($"the certificate of the mail server 127.0.0.1:{sink.Port} is not trusted", problem!.Message, StringComparison.Ordinal);
        Assert.Empty(sink.Messages);
        Assert.Equal(1, sink.Connections);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_gets_nothing_in_the_clear()
    {
        using var sink = new SmtpSink { OffersStartTls = false };

        var problem = await SendAsync(sink, Settings(sink.Port));

        Assert.Contains("lacks STARTTLS", problem!.Message, StringComparison.Ordinal);
        Assert.Empty(sink.Messages);
    }

    [Fact]
    public async Task A_wrong_password_is_a_problem_that_does_not_repeat_it_and_is_not_tried_again()
    {
        using var sink = new SmtpSink { Password = "another" };

        var problem = await SendAsync(sink, Settings(sink.Port) with { User = "finks", Password = new Secret("verysecret") });

        Assert.Contains("refused the user or the password", problem!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("verysecret", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, sink.Connections);
    }

    [Fact]
    public async Task A_server_that_defers_or_breaks_off_is_tried_again_with_growing_pauses()
    {
        using var sink = new SmtpSink { Refusals = 1 };
        sink.RecipientAnswers.Enqueue("451 later, please");

        Assert.Null(await SendAsync(sink, Settings(sink.Port)));

        Assert.Equal(3, sink.Connections);
        Assert.Equal([1, 2], _clock.Pauses.Select(p => p.TotalSeconds));
        Assert.Single(sink.Messages);
    }

    [Fact]
    public async Task A_recipient_whom_the_server_refuses_is_named_and_not_tried_again()
    {
        using var sink = new SmtpSink();
        sink.RecipientAnswers.Enqueue("550 nobody of that name");

        var problem = await SendAsync(sink, Settings(sink.Port));

        Assert.Equal($"The notification was not delivered by e-mail: the mail server 127.0.0.1:{sink.Port} answered 550 for ops@example.com.", problem?.Message);
        Assert.Equal(1, sink.Connections);
    }

    [Fact]
    public async Task A_server_that_leaves_after_it_took_the_message_gets_it_once()
    {
        using var sink = new SmtpSink { LeavesAfterMessage = true };

        Assert.Null(await SendAsync(sink, Settings(sink.Port)));

        Assert.Equal(1, sink.Connections);
        Assert.Single(sink.Messages);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_problem_and_no_exception()
    {
        var problem = await new SmtpNotifier(Settings(WebhookSink.FreePort()), _clock).SendAsync(Message, TestContext.Current.CancellationToken);

        Assert.Contains("in 4 attempts", problem!.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", problem.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 4], _clock.Pauses.Select(p => p.TotalSeconds));
    }

    [Fact]
    public void Settings_that_cannot_work_are_refused()
    {
        Assert.Contains("'ops' of the notifier 'e-mail' is no e-mail address", Refused(Settings(25) with { To = ["ops"] }), StringComparison.Ordinal);
        Assert.Contains("no recipient", Refused(Settings(25) with { To = [] }), StringComparison.Ordinal);
        Assert.Contains("password in the clear", Refused(Settings(25) with { StartTls = false, User = "u", Password = new Secret("verysecret") }), StringComparison.Ordinal);

        string Refused(SmtpSettings settings) => Assert.Throws<ArgumentException>(() => new SmtpNotifier(settings, _clock)).Message;
    }

    private static SmtpSettings Settings(int port) =>
        new() { Host = "127.0.0.1", Port = port, From = "Finks <finks@example.com>", To = ["ops@example.com"] };

    /// <summary>Sends as one who trusts the certificate of the sink, and no other.</summary>
    private async Task<NotificationProblem?> SendAsync(SmtpSink sink, SmtpSettings settings)
    {
        var thumbprint = sink.Certificate.GetCertHashString();
        var notifier = new SmtpNotifier(settings, _clock) { CertificateValidation = (_, certificate, _, _) => certificate?.GetCertHashString() == thumbprint };
        return await notifier.SendAsync(Message, TestContext.Current.CancellationToken);
    }
}
