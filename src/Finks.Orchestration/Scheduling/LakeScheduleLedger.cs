using System.Reflection;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Storage;

namespace Finks.Orchestration.Scheduling;

/// <summary>The ledger in the database of a lake's catalog.</summary>
public sealed class LakeScheduleLedger : IScheduleLedger
{
    private readonly LakeDatabase _database;

    /// <summary>Opens the ledger, and creates its tables in a new lake.</summary>
    public LakeScheduleLedger(LakeDatabase database)
    {
        _database = database;
        database.EnsureTables("schedule", 1, EmbeddedSql.Read(Assembly.GetExecutingAssembly(), "schedule-tables.sql"));
    }

    public ScheduleStatus Status(string name, DateTimeOffset now) =>
        _database.Read(reader => Find(reader, name)) ?? _database.Write(tx =>
        {
            Register(tx, name, now);
            return Find(tx, name)!;
        });

    public bool TryClaim(string name, DateTimeOffset scheduledFor, DateTimeOffset now) => _database.Write(tx =>
    {
        var claimed = tx.Execute(
            """
            update finks_schedule set last_fired = @at
            where name = @name and paused = 0 and since < @at and (last_fired is null or last_fired < @at)
            """,
            ("name", name), ("at", UtcText.From(scheduledFor))) == 1;
        if (claimed)
        {
            tx.Insert(
                "finks_schedule_claim",
                ("name", name), ("scheduled_for", UtcText.From(scheduledFor)), ("claimed_at", UtcText.From(now)));
        }

        return claimed;
    });

    public void Settle(string name, DateTimeOffset scheduledFor) => _database.Write(tx => tx.Execute(
        "delete from finks_schedule_claim where name = @name and scheduled_for = @at", ("name", name), ("at", UtcText.From(scheduledFor))));

    public IReadOnlyList<ScheduleClaim> Unsettled() => _database.Read(reader => reader.Query(
        "select name, scheduled_for, claimed_at from finks_schedule_claim order by scheduled_for, name",
        row => new ScheduleClaim(row.GetString(0), UtcText.Parse(row.GetString(1)), UtcText.Parse(row.GetString(2)))));

    public void Pause(string name, DateTimeOffset now) => _database.Write(tx =>
    {
        Register(tx, name, now);
        tx.Execute("update finks_schedule set paused = 1 where name = @name", ("name", name));
    });

    public void Resume(string name, DateTimeOffset now) => _database.Write(tx => tx.Execute(
        "update finks_schedule set paused = 0, since = @now where name = @name and paused = 1",
        ("name", name), ("now", UtcText.From(now))));

    private static void Register(LedgerTransaction tx, string name, DateTimeOffset now) => tx.Execute(
        "insert into finks_schedule (name, since, paused) values (@name, @now, 0) on conflict (name) do nothing",
        ("name", name), ("now", UtcText.From(now)));

    private static ScheduleStatus? Find(LedgerReader reader, string name) => reader.First(
        "select last_fired, since, paused from finks_schedule where name = @name",
        row => new ScheduleStatus(
            row.Text(0) is { } fired ? UtcText.Parse(fired) : null, UtcText.Parse(row.GetString(1)), row.GetInt64(2) != 0),
        ("name", name));
}
