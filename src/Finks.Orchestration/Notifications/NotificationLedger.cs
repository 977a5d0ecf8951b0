using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Storage;

namespace Finks.Orchestration.Notifications;

/// <summary>Who was told what, so that one failure that comes again and again makes one message. Safe for use by several processes at
/// once.</summary>
public sealed class NotificationLedger
{
    private const string Key = "notifier = @notifier and environment = @environment and flow = @flow and outcome = @outcome and "
        + "fingerprint = @fingerprint";

    /// <summary>A row that was never sent.</summary>
    private static readonly DateTimeOffset Never = DateTimeOffset.UnixEpoch;

    private readonly LakeDatabase _database;

    /// <summary>Opens the ledger, and creates its table in a new lake.</summary>
    public NotificationLedger(LakeDatabase database)
    {
        _database = database;
        database.EnsureTables("notifications", 1, EmbeddedSql.Read(Assembly.GetExecutingAssembly(), "notification-tables.sql"));
    }

    /// <summary>Decides whether a notification goes out by a notifier now, and notes it.</summary>
    /// <param name="window">A failure like one that was sent within it is counted and not sent.</param>
    /// <returns>Null when it does not go out.</returns>
    internal Admission? Admit(string notifier, Notification notification, DateTimeOffset now, TimeSpan window, bool sendSuccesses) =>
        _database.Write(tx => notification.Outcome == NotificationOutcome.Completed
            ? AdmitSuccess(tx, notifier, notification, sendSuccesses)
            : AdmitFailure(tx, notifier, notification, now, window));

    /// <summary>Takes an admission back whose message was not delivered, so that the next one like it is sent and counts this
    /// one.</summary>
    internal void Return(Admission admission) => _database.Write(tx =>
    {
        foreach (var told in admission.Before)
        {
            tx.Execute(
                """
                insert into finks_notification values (@notifier, @environment, @flow, @outcome, @fingerprint, @sent_at, @unsent)
                on conflict (notifier, environment, flow, outcome, fingerprint)
                do update set sent_at = excluded.sent_at, unsent = finks_notification.unsent + excluded.unsent
                """,
                [
                    .. KeyOf(admission.Notifier, admission.Message.Notification, told),
                    ("sent_at", UtcText.From(told.SentAt)),
                    ("unsent", told.Unsent),
                ]);
        }
    });

    private static Admission? AdmitFailure(
        LedgerTransaction tx, string notifier, Notification notification, DateTimeOffset now, TimeSpan window)
    {
        var told = new Told(notification.Outcome.ToString(), Fingerprint(notification.Reason), now, 0);
        var key = KeyOf(notifier, notification, told);
        var before = tx.First($"select outcome, fingerprint, sent_at, unsent from finks_notification where {Key}", Read, key);
        if (before is null)
        {
            tx.Insert("finks_notification", [.. key, ("sent_at", UtcText.From(now)), ("unsent", 0L)]);
            return new Admission(notifier, new NotificationMessage(notification), [told with { SentAt = Never, Unsent = 1 }]);
        }

        if (now - before.SentAt < window)
        {
            tx.Execute($"update finks_notification set unsent = unsent + 1 where {Key}", key);
            return null;
        }

        tx.Execute($"update finks_notification set sent_at = @sent_at, unsent = 0 where {Key}", [.. key, ("sent_at", UtcText.From(now))]);
        return new Admission(notifier, new NotificationMessage(notification, before.Unsent), [before with { Unsent = before.Unsent + 1 }]);
    }

    private static Admission? AdmitSuccess(LedgerTransaction tx, string notifier, Notification notification, bool sendSuccesses)
    {
        const string flow = "notifier = @notifier and environment = @environment and flow = @flow";
        (string, object?)[] key = [("notifier", notifier), ("environment", notification.Environment), ("flow", notification.Flow)];
        var before = tx.Query($"select outcome, fingerprint, sent_at, unsent from finks_notification where {flow}", Read, key);
        if (before.Count == 0)
            return sendSuccesses ? new Admission(notifier, new NotificationMessage(notification), []) : null;
        tx.Execute($"delete from finks_notification where {flow}", key);
        return new Admission(notifier, new NotificationMessage(notification, before.Sum(told => told.Unsent), IsRecovery: true), before);
    }

    private static Told Read(System.Data.Common.DbDataReader row) =>
        new(row.GetString(0), row.GetString(1), UtcText.Parse(row.GetString(2)), row.GetInt64(3));

    private static (string Name, object? Value)[] KeyOf(string notifier, Notification notification, Told told) =>
    [
        ("notifier", notifier),
        ("environment", notification.Environment),
        ("flow", notification.Flow),
        ("outcome", told.Outcome),
        ("fingerprint", told.Fingerprint),
    ];

    private static string Fingerprint(string reason) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reason)));

    /// <summary>That a notification goes out.</summary>
    /// <param name="Before">The rows as they are to be when it was not delivered.</param>
    internal sealed record Admission(string Notifier, NotificationMessage Message, IReadOnlyList<Told> Before);

    /// <summary>What a notifier was told of one failure.</summary>
    internal sealed record Told(string Outcome, string Fingerprint, DateTimeOffset SentAt, long Unsent);
}
