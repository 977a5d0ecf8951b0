using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DuckDB.NET.Data;
using Finks.Dbt.Execution;
using Finks.Dbt.Graph;
using Finks.Dbt.Selection;

namespace Finks.Dbt;

/// <summary>Builds a project's seeds and models and runs its tests, in a DuckDB database of this process.</summary>
/// <param name="time">Measures how long nodes take.</param>
public sealed class DbtRunner(TimeProvider time)
{
    /// <summary>
    /// Runs what <c>dbt build</c> runs: seeds, models and tests in the order of their dependencies, the tests of a node before what is downstream of it.
    /// The target's database must be attached to <paramref name="connection"/> under the name <see cref="DbtTarget.Database"/>, and the relations of
    /// the project's sources must exist in it.
    /// </summary>
    /// <param name="manifest">The project.</param>
    /// <param name="connection">An open connection. More threads open connections of their own to the same database and close them again.</param>
    /// <param name="options">What to build, and how.</param>
    /// <param name="progress">Gets each result as soon as it is known, one at a time; with several threads in the order of completion.</param>
    /// <param name="cancellation">Interrupts the running statements.</param>
    /// <exception cref="DbtException">The selection is malformed or the database is not attached. A node's own failure is in its result instead.</exception>
    public BuildResult Build(
        Manifest manifest, DuckDBConnection connection, BuildOptions options, IProgress<NodeResult>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        var start = time.GetTimestamp();
        var chosen = new NodeSelector(manifest).Select(options.Select, options.Exclude);
        var graph = TestEdges.Build(manifest).Subset(chosen);
        using var session = new DuckDbSession(connection, owned: false, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Prepare(manifest, chosen, session);
        var runner = new NodeRunner(manifest, options, RelationCache.Load(session), time);
        var schedule = new BuildSchedule(manifest, graph, options.FailFast, progress);

        // The calling thread is the first worker; the others get connections of their own.
        var broken = new ConcurrentQueue<ExceptionDispatchInfo>();
        DuckDbSession Open() => new(Another(connection), owned: true, cancellation);
        var others = Enumerable.Range(1, Math.Min(options.Threads, chosen.Count + 1) - 1)
            .Select(_ => Task.Run(() => Work(schedule, runner, Open, broken, cancellation), CancellationToken.None))
            .ToArray();
        Work(schedule, runner, () => session, broken, cancellation);
        Task.WaitAll(others, CancellationToken.None);

        cancellation.ThrowIfCancellationRequested();
        if (broken.TryPeek(out var first))
            first.Throw();
        return new BuildResult(schedule.Results, time.GetElapsedTime(start));
    }

    private static void Work(
        BuildSchedule schedule, NodeRunner runner, Func<DuckDbSession> open, ConcurrentQueue<ExceptionDispatchInfo> broken, CancellationToken cancellation)
    {
        try
        {
            using var session = open();
            while (schedule.Take() is { } node)
                schedule.Complete(runner.Run(node, session, cancellation));
        }
        catch (Exception unexpected)
        {
            // The others must not wait for a result that will never come.
            broken.Enqueue(ExceptionDispatchInfo.Capture(unexpected));
            schedule.Stop();
        }
    }

    private static DuckDBConnection Another(DuckDBConnection connection)
    {
        var another = IsInMemory(connection) ? connection.Duplicate() : new DuckDBConnection(connection.ConnectionString);
        another.Open();
        return another;
    }

    private static bool IsInMemory(DuckDBConnection connection) =>
        new DuckDBConnectionStringBuilder { ConnectionString = connection.ConnectionString }.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase);

    private static void Prepare(Manifest manifest, IReadOnlySet<string> chosen, DuckDbSession session)
    {
        var databases = session.Query("select database_name from duckdb_databases() where not internal", int.MaxValue).Rows.Select(row => (string)row[0]!).ToList();
        var relations = manifest.Nodes.Where(node => chosen.Contains(node.UniqueId)).Select(node => node.Relation).OfType<Relation>();
        foreach (var relation in relations.DistinctBy(relation => (relation.Database, relation.Schema)))
        {
            if (!databases.Contains(relation.Database, StringComparer.OrdinalIgnoreCase))
            {
                throw new DbtException(
                    $"{relation} cannot be built: the connection has no database '{relation.Database}' (it has: {string.Join(", ", databases)}); " +
                    "attach it or set the target's database");
            }

            session.Execute($"create schema if not exists {relation.Include(identifier: false)}");
        }
    }
}
