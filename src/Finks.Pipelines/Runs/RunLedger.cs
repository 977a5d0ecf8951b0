using System.Reflection;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Storage;

namespace Finks.Pipelines.Runs;

/// <summary>Every command that changes the lake, with its stages: what ran when, how long, and how it ended.</summary>
public sealed class RunLedger
{
    private readonly DataLake _lake;
    private readonly TimeProvider _clock;

    /// <summary>Opens the ledger, and creates its tables in a new lake.</summary>
    public RunLedger(DataLake lake, TimeProvider clock)
    {
        (_lake, _clock) = (lake, clock);
        lake.Database.EnsureTables("runs", 1, EmbeddedSql.Read(Assembly.GetExecutingAssembly(), "run-tables.sql"));
    }

    /// <summary>Records that a command begins. Returns the run's identifier.</summary>
    public string Begin(string command)
    {
        var runId = _lake.Ids.Next().ToString("N");
        _lake.Database.Write(tx => tx.Execute(
            "insert into finks_run (run_id, command, started_at) values ($run, $command, $at)",
            ("run", runId), ("command", command), ("at", UtcText.From(_clock.GetUtcNow()))));
        return runId;
    }

    /// <summary>Records a stage that has ended.</summary>
    public void Stage(string runId, string stage, DateTimeOffset startedAt, TimeSpan took, string outcome, string summary) => _lake.Database.Write(tx => tx.Execute(
        "insert or replace into finks_stage values ($run, $stage, $at, $seconds, $outcome, $summary)",
        ("run", runId), ("stage", stage), ("at", UtcText.From(startedAt)), ("seconds", took.TotalSeconds), ("outcome", outcome), ("summary", summary)));

    /// <summary>Records how a run ended.</summary>
    public void End(string runId, string outcome, string? message) => _lake.Database.Write(tx => tx.Execute(
        "update finks_run set finished_at = $at, outcome = $outcome, message = $message where run_id = $run",
        ("at", UtcText.From(_clock.GetUtcNow())), ("outcome", outcome), ("message", message), ("run", runId)));

    /// <summary>The latest runs, newest first.</summary>
    public IReadOnlyList<RunRecord> Latest(int count) => _lake.Database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "select run_id, command, started_at, finished_at, outcome, message from finks_run order by started_at desc limit $count";
        command.Parameters.AddWithValue("$count", count);
        using var reader = command.ExecuteReader();
        var runs = new List<RunRecord>();
        while (reader.Read())
        {
            runs.Add(new RunRecord(
                reader.GetString(0),
                reader.GetString(1),
                UtcText.Parse(reader.GetString(2)),
                reader.IsDBNull(3) ? null : UtcText.Parse(reader.GetString(3)),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5)));
        }

        return runs;
    });
}

/// <summary>One recorded run. Times are UTC; <see cref="FinishedAt"/> is null while it goes on, or when it was killed.</summary>
public sealed record RunRecord(string RunId, string Command, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Outcome, string? Message);
