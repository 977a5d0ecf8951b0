using System.Globalization;
using Finks.Cleansing;
using Finks.Lake.Maintenance;
using Finks.Pipelines;

namespace Finks.Cli.Chaos;

/// <summary>What must hold of any lake, whatever happened to it.</summary>
internal static class LakeRules
{
    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    /// <summary>At any time, also between a kill and the next run: readers find whole files, and history is in order.</summary>
    public static IReadOnlyList<string> AlwaysBroken(Workspace workspace) =>
        [.. new LakeCheck(workspace.Lake, workspace.Bronze).Run(deep: false, new NoDisplay(), CancellationToken.None).Problems, .. Broken(workspace, Always)];

    /// <summary>After a run that went through: every reply is in Silver, and every row is accounted for.</summary>
    public static IReadOnlyList<string> AfterRunBroken(Workspace workspace) => [.. Broken(workspace, AfterRun), .. Unaccounted(workspace)];

    private static readonly (string Rule, string Violations)[] Always =
    [
        ("snapshot numbers have no gaps", "select max(snapshot_id) + 1 - count(*) from ducklake_snapshot"),
        ("each snapshot is named by one commit, each commit by one key", """
            select (select count(*) from ducklake_snapshot where snapshot_id > 0) - (select count(distinct snapshot_id) from finks_commit)
                + (select count(*) - count(distinct idempotency_key) from finks_commit)
            """),
        ("no data file is registered twice", "select count(*) - count(distinct path) from ducklake_data_file"),
        ("what Silver has read is registered in Bronze", """
            select count(*) from finks_bronze_consumed c where not exists (select 1 from finks_bronze_batch b where b.batch_id = c.batch_id)
                or not exists (select 1 from ducklake_snapshot s where s.snapshot_id = c.snapshot_id)
            """),
        ("a run that completed has completed tasks only", """
            select count(*) from finks_task_run t join finks_flow_run f on f.flow_run_id = t.flow_run_id where f.state = 'Completed' and t.state <> 'Completed'
            """),
        ("the states of each run are numbered without gaps", "select count(*) from (select max(sequence) - count(*) as gaps from finks_run_state group by run_id) s where gaps <> 0"),
        ("rows in = new + repeated + quarantined",
            "select count(*) from finks_cleanse_count where rows_in <> new_rows + repeated_rows + quarantined_rows"),
    ];

    private static readonly (string Rule, string Violations)[] AfterRun =
    [
        ("each Bronze batch is read into Silver once", """
            select count(*) from finks_bronze_batch b
            where (select count(*) from finks_bronze_consumed c where c.batch_id = b.batch_id) <> 1
            """),
        ("no reply without data is left", "select count(*) from finks_reply_problem"),
    ];

    /// <summary>Tables of Silver that hold another number of rows than the commits said that they added.</summary>
    private static IEnumerable<string> Unaccounted(Workspace workspace)
    {
        var added = workspace.Lake.Database.Read(reader => reader.Query(
            "select dataset, sum(new_rows + withdrawn_rows), sum(quarantined_rows) from finks_cleanse_count group by dataset",
            row => (Table: row.GetString(0), Added: Convert.ToInt64(row.GetValue(1), Invariant), Quarantined: Convert.ToInt64(row.GetValue(2), Invariant))));
        var now = workspace.Lake.CurrentSnapshot();
        return added.Select(a => (a.Table, a.Added)).Append((Table: SilverColumns.Quarantine, Added: added.Sum(a => a.Quarantined)))
            .Select(a => (a.Table, a.Added, Rows: Rows(a.Table)))
            .Where(a => a.Added != a.Rows)
            .Select(a => $"silver.{a.Table} holds {a.Rows} rows, {a.Added} were added");

        long Rows(string table) =>
            workspace.Lake.FindTable(SilverColumns.Schema, table, now) is { } found ? workspace.Lake.Files(found, now).Sum(f => f.Rows) : 0;
    }

    private static IReadOnlyList<string> Broken(Workspace workspace, (string Rule, string Violations)[] rules) => workspace.Lake.Database.Read(reader =>
        rules.Select(r => (r.Rule, Count: reader.Scalar<long>(r.Violations))).Where(r => r.Count != 0)
            .Select(r => $"broken rule: {r.Rule} ({r.Count} times)").ToList());
}
