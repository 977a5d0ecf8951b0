using Finks.Lake;
using Finks.Lake.Bronze;

namespace Finks.Orchestration.Local;

/// <summary>How many tasks may run at once, over all processes on one lake.</summary>
public static class ConcurrencySlots
{
    /// <summary>Sets a limit.</summary>
    /// <param name="slots">At least one; null takes the limit away.</param>
    public static void Limit(LakeDatabase database, string name, int? slots)
    {
        LocalBackend.EnsureTables(database);
        database.WriteBeside(transaction => transaction.Execute(
            slots is null
                ? "DELETE FROM finks_concurrency_limit WHERE name = @name"
                : "INSERT INTO finks_concurrency_limit (name, slots) VALUES (@name, @slots) ON CONFLICT (name) DO UPDATE SET slots = excluded.slots",
            slots is null ? [("name", name)] : [("name", name), ("slots", (long)slots)]));
    }

    /// <summary>Takes a slot of each limit, or none. Names without a limit take none.</summary>
    internal static bool TryTake(LedgerTransaction transaction, IReadOnlyList<string> names, Guid holder, RunProcess owner, DateTimeOffset now, DateTimeOffset until)
    {
        // In one order everywhere, so that two takers never wait for each other.
        foreach (var name in names.Distinct().Order(StringComparer.Ordinal))
        {
            // Locks the limit until the transaction ends.
            if (transaction.Execute("UPDATE finks_concurrency_limit SET slots = slots WHERE name = @name", ("name", name)) == 0)
                continue;
            Forget(transaction, name, now);
            var taken = transaction.Execute(
                """
                INSERT INTO finks_concurrency_slot (name, holder, owner, lease_until)
                SELECT @name, @holder, @owner, @until
                WHERE (SELECT count(*) FROM finks_concurrency_slot WHERE name = @name AND holder <> @holder) < (SELECT slots FROM finks_concurrency_limit WHERE name = @name)
                ON CONFLICT (name, holder) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until
                """,
                ("name", name), ("holder", RunJournal.Text(holder)), ("owner", owner.ToString()), ("until", UtcText.From(until)));
            if (taken > 0)
                continue;
            Release(transaction, holder);
            return false;
        }

        return true;
    }

    internal static void Release(LedgerTransaction transaction, Guid holder) =>
        transaction.Execute("DELETE FROM finks_concurrency_slot WHERE holder = @holder", ("holder", RunJournal.Text(holder)));

    /// <summary>Slots of processes that have ended or not been heard of are free.</summary>
    private static void Forget(LedgerTransaction transaction, string name, DateTimeOffset now)
    {
        var dead = transaction
            .Query("SELECT DISTINCT owner FROM finks_concurrency_slot WHERE name = @name AND lease_until >= @now", row => row.GetString(0), ("name", name), ("now", UtcText.From(now)))
            .Where(owner => RunProcess.Parse(owner)!.HasEnded());
        foreach (var owner in dead)
            transaction.Execute("DELETE FROM finks_concurrency_slot WHERE owner = @owner", ("owner", owner));
        transaction.Execute("DELETE FROM finks_concurrency_slot WHERE name = @name AND lease_until < @now", ("name", name), ("now", UtcText.From(now)));
    }
}
