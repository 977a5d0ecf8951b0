using System.Collections.Concurrent;
using Finks.Lake;
using Finks.Orchestration.Notifications;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Orchestration.Tests.Notifications;

public sealed class NotificationSenderTests(PostgresServer postgres) : IDisposable
{
    private readonly FakeTimeProvider _clock = new(Samples.Now);
    private readonly List<LedgerLake> _lakes = [];
    private readonly Recorder _recorder = new("recorder");

    public static TheoryData<string> Databases => ["SQLite", "PostgreSQL"];

    public void Dispose() => _lakes.ForEach(lake => lake.Dispose());

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_same_failure_is_sent_once_in_the_window_and_counted(string database)
    {
        var sender = Sender(Lake(database), _recorder);

        for (var i = 0; i < 4; i++)
            await SendAsync(sender, Samples.Failure with { FlowRunId = new Guid(i, 0, 0, new byte[8]) });
        Assert.Equal([new NotificationMessage(Samples.Failure with { FlowRunId = Guid.Empty })], _recorder.Messages);
        _clock.Advance(TimeSpan.FromHours(1));
        await SendAsync(sender, Samples.Failure);
        _clock.Advance(TimeSpan.FromHours(1));
        await SendAsync(sender, Samples.Failure);

        Assert.Equal([0L, 3L, 0L], _recorder.Messages.Select(m => m.Repeats));
    }

    [Fact]
    public async Task What_differs_in_environment_flow_outcome_or_reason_is_sent()
    {
        var sender = Sender(Lake(), _recorder);
        Notification[] different =
        [
            Samples.Failure,
            Samples.Failure with { Environment = "dev" },
            Samples.Failure with { Flow = "weekly" },
            Samples.Failure with { Outcome = NotificationOutcome.Crashed },
            Samples.Failure with { Reason = new string('x', 100_000) },
        ];

        foreach (var notification in different)
            await SendAsync(sender, notification);

        Assert.Equal(different, _recorder.Messages.Select(m => m.Notification));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_success_after_failures_is_sent_as_recovery_and_other_successes_are_not(string database)
    {
        var sender = Sender(Lake(database), _recorder);

        await SendAsync(sender, Samples.Success);
        await SendAsync(sender, Samples.Failure);
        await SendAsync(sender, Samples.Failure);
        await SendAsync(sender, Samples.Failure with { Reason = "another" });
        await SendAsync(sender, Samples.Success with { Flow = "weekly" }); // has not failed
        await SendAsync(sender, Samples.Success);
        await SendAsync(sender, Samples.Success);
        await SendAsync(sender, Samples.Failure); // begins anew

        Assert.Equal(
            [
                new NotificationMessage(Samples.Failure),
                new NotificationMessage(Samples.Failure with { Reason = "another" }),
                new NotificationMessage(Samples.Success, Repeats: 1, IsRecovery: true),
                new NotificationMessage(Samples.Failure),
            ],
            _recorder.Messages);
    }

    [Fact]
    public async Task Successes_are_sent_to_those_who_want_them()
    {
        var sender = new NotificationSender([_recorder], new NotificationLedger(Lake().Open()), new NotificationSettings { Successes = true }, _clock);

        await SendAsync(sender, Samples.Success);

        Assert.Equal([new NotificationMessage(Samples.Success)], _recorder.Messages);
    }

    [Fact]
    public async Task Who_could_not_be_told_is_told_with_the_next_one_and_the_others_are_not_told_twice()
    {
        var broken = new Recorder("broken") { Fails = true };
        var sender = Sender(Lake(), _recorder, broken);

        Assert.Equal([new NotificationProblem("broken", "It is broken.")], await SendAsync(sender, Samples.Failure));
        Assert.Single(await SendAsync(sender, Samples.Failure));
        broken.Fails = false;
        Assert.Empty(await SendAsync(sender, Samples.Failure));

        Assert.Equal([new NotificationMessage(Samples.Failure)], _recorder.Messages);
        Assert.Equal([new NotificationMessage(Samples.Failure, Repeats: 2)], broken.Messages);
    }

    [Fact]
    public async Task A_recovery_that_could_not_be_told_is_told_with_the_next_success()
    {
        var sender = Sender(Lake(), _recorder);

        await SendAsync(sender, Samples.Failure);
        await SendAsync(sender, Samples.Failure);
        _recorder.Fails = true;
        Assert.Single(await SendAsync(sender, Samples.Success));
        _recorder.Fails = false;
        Assert.Empty(await SendAsync(sender, Samples.Success));

        Assert.Equal(new NotificationMessage(Samples.Success, Repeats: 1, IsRecovery: true), _recorder.Messages.Last());
    }

    [Fact]
    public async Task A_repetition_after_the_window_that_could_not_be_told_loses_no_count()
    {
        var sender = Sender(Lake(), _recorder);

        await SendAsync(sender, Samples.Failure);
        await SendAsync(sender, Samples.Failure);
        _clock.Advance(TimeSpan.FromHours(1));
        _recorder.Fails = true;
        await SendAsync(sender, Samples.Failure);
        _recorder.Fails = false;
        await SendAsync(sender, Samples.Failure);

        Assert.Equal([0L, 2L], _recorder.Messages.Select(m => m.Repeats));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_comes_while_a_delivery_is_going_to_fail_is_counted_too(string database)
    {
        var lake = Lake(database);
        var other = Sender(lake, _recorder);
        var failing = new Recorder("recorder")
        {
            Fails = true,
            Meanwhile = async () =>
            {
                await SendAsync(other, Samples.Failure);
                await SendAsync(other, Samples.Failure);
            },
        };

        await SendAsync(Sender(lake, failing), Samples.Failure);
        await SendAsync(other, Samples.Failure);

        Assert.Equal([new NotificationMessage(Samples.Failure, Repeats: 3)], _recorder.Messages);
    }

    [Fact]
    public async Task A_notifier_that_throws_is_a_problem_that_does_not_repeat_what_it_threw()
    {
        var sender = Sender(Lake(), new Recorder("rude") { Throws = new InvalidOperationException("verysecret") }, _recorder);

        var problem = Assert.Single(await SendAsync(sender, Samples.Failure));

        Assert.Equal("The notification was not delivered by rude: it failed with InvalidOperationException.", problem.Message);
        Assert.Single(_recorder.Messages);
    }

    [Fact]
    public async Task Failures_are_told_even_when_the_ledger_fails()
    {
        var fails = false;
        var ledger = new NotificationLedger(Lake().Open(_ => { if (fails) throw new LakeException("The disk is full."); }));
        var sender = new NotificationSender([_recorder], ledger, new NotificationSettings(), _clock);
        fails = true;

        var problems = await SendAsync(sender, Samples.Failure);
        Assert.Single(await SendAsync(sender, Samples.Success));

        Assert.Equal("What recorder was told before cannot be read: The disk is full.", Assert.Single(problems).Message);
        Assert.Equal([new NotificationMessage(Samples.Failure)], _recorder.Messages);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Processes_that_fail_alike_at_once_send_one_message_and_count_the_others(string database)
    {
        const int processes = 8;
        var lake = Lake(database);
        var senders = Enumerable.Range(0, processes).Select(_ => Sender(lake, _recorder)).ToList();
        using var together = new Barrier(processes);

        await Task.WhenAll(senders.Select(sender => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                return SendAsync(sender, Samples.Failure);
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        _clock.Advance(TimeSpan.FromHours(1));
        await SendAsync(senders[0], Samples.Failure);

        Assert.Equal([0L, processes - 1], _recorder.Messages.Select(m => m.Repeats));
    }

    [Fact]
    public async Task Settings_make_their_notifiers_and_the_console_reads_well()
    {
        using var http = new HttpClient();
        var console = new StringWriter { NewLine = "\n" };
        var settings = new NotificationSettings
        {
            Console = true,
            Webhooks = [new WebhookTarget.Slack("team", new Secret("https://x.example"))],
            Smtp = new SmtpSettings { Host = "localhost", From = "a@x", To = ["b@x"] },
        };

        var notifiers = settings.Notifiers(http, console, _clock);
        await SendAsync(Sender(Lake(), notifiers[0]), Samples.Failure);

        Assert.Equal(["console", "team", "e-mail"], notifiers.Select(n => n.Name));
        Assert.Equal(
            """
            prod: daily failed

            The gate refused 3 rows of <prices> & more.

            Next: finks quarantine list --dataset prices > rows.txt

            Flow run 01234567-89ab-cdef-0123-456789abcdef, 2026-11-23T09:00:00Z
            https://finks.example.com/runs/01234567?tab=log

            """,
            console.ToString());
    }

    [Fact]
    public void Two_notifiers_of_one_name_are_refused() =>
        Assert.Contains("'recorder'", Assert.Throws<ArgumentException>(() => Sender(Lake(), _recorder, new Recorder("recorder"))).Message, StringComparison.Ordinal);

    private static Task<IReadOnlyList<NotificationProblem>> SendAsync(NotificationSender sender, Notification notification) =>
        sender.SendAsync(notification, TestContext.Current.CancellationToken);

    private NotificationSender Sender(LedgerLake lake, params INotifier[] notifiers) =>
        new(notifiers, new NotificationLedger(lake.Open()), new NotificationSettings(), _clock);

    private LedgerLake Lake(string database = "SQLite")
    {
        var lake = LedgerLake.On(database, _clock, postgres);
        _lakes.Add(lake);
        return lake;
    }

    private sealed class Recorder(string name) : INotifier
    {
        public string Name => name;

        public ConcurrentQueue<NotificationMessage> Messages { get; } = [];

        public bool Fails { get; set; }

        public Exception? Throws { get; init; }

        /// <summary>What happens while it delivers.</summary>
        public Func<Task> Meanwhile { get; init; } = () => Task.CompletedTask;

        public async Task<NotificationProblem?> SendAsync(NotificationMessage message, CancellationToken cancellation)
        {
            await Meanwhile();
            if (Throws is not null)
                throw Throws;
            if (Fails)
                return new NotificationProblem(name, "It is broken.");
            Messages.Enqueue(message);
            return null;
        }
    }
}
