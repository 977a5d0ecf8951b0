using System.Diagnostics;
using System.Globalization;
using Finks.Lake;
using Finks.Orchestration;
using Finks.Orchestration.Engine;
using Finks.Orchestration.Local;
using Finks.Orchestration.Runs;

namespace Finks.Benchmarks;

/// <summary>What a task costs that does nothing: one after the other and mapped, with all its states in the ledger; beside it Prefect's own engine
/// with a server of its own, where a Python that has it is given.</summary>
internal sealed class TaskBenchmark(int tasks, string? python)
{
    private const string PrefectFlow = """
        import sys, time, logging
        logging.disable(logging.CRITICAL)
        from prefect import flow, task
        @task
        def nothing(i): return i
        @flow(log_prints=False)
        def sequential(n):
            start = time.perf_counter()
            for i in range(n): nothing(i)
            return time.perf_counter() - start
        @flow(log_prints=False)
        def mapped(n):
            start = time.perf_counter()
            [f.result() for f in nothing.map(range(n))]
            return time.perf_counter() - start
        n = int(sys.argv[1])
        print("RESULT", sequential(n) / n * 1000, mapped(n) / n * 1000)
        """;

    private readonly Clock _clock = new();

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("finks-benchmark-").FullName;
        try
        {
            using var lake = DataLake.Open(new LakeOptions { Home = Path.Combine(folder, "lake"), Clock = _clock, Ids = new Ids() });
            await using var backend = new LocalBackend(lake.Database, _clock, lake.Ids, new Random(1));
            await SecondsAsync(lake, backend, new Loop(Math.Min(tasks, 500)));
            var sequential = await SecondsAsync(lake, backend, new Loop(tasks));
            var mapped = await SecondsAsync(lake, backend, new Mapped(tasks));
            Console.WriteLine("engine            tasks  ms per task, one by one  ms per task, mapped");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Finks, SQLite  {tasks,8:N0}  {sequential / tasks * 1000,23:0.000}  {mapped / tasks * 1000,19:0.000}"));
            if (python is not null)
                Prefect(folder, Math.Min(tasks, 1000));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> SecondsAsync(DataLake lake, LocalBackend backend, Flow flow)
    {
        var clock = new Clock();
        var run = await backend.CreateFlowRunAsync(new NewFlowRun { Flow = flow.Name, Name = flow.Name, Parameters = [] }, CancellationToken.None);
        var start = clock.GetTimestamp();
        var outcome = await new FlowEngine(backend, clock, lake.Ids, new Silent()).RunAsync(flow, run, CancellationToken.None);
        var seconds = clock.GetElapsedTime(start).TotalSeconds;
        return outcome.Error is null ? seconds : throw outcome.Error;
    }

    private void Prefect(string folder, int count)
    {
        var script = Path.Combine(folder, "tasks.py");
        File.WriteAllText(script, PrefectFlow);
        var start = new ProcessStartInfo(python!, [script, count.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[] { ("PREFECT_HOME", Path.Combine(folder, "prefect")), ("PREFECT_SERVER_ANALYTICS_ENABLED", "false"), ("DO_NOT_TRACK", "1") })
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var result = process.StandardOutput.ReadToEnd().Split('\n').FirstOrDefault(l => l.StartsWith("RESULT", StringComparison.Ordinal))?.Split(' ');
        Console.WriteLine(result is null
            ? $"Prefect could not be measured: {errors.Result.Trim().Split('\n')[^1]}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Prefect, SQLite{count,8:N0}  {double.Parse(result[1], CultureInfo.InvariantCulture),23:0.000}  {double.Parse(result[2], CultureInfo.InvariantCulture),19:0.000}"));
    }

    private sealed record None;

    private sealed class Loop(int count) : Flow<None>
    {
        public override string Name => "one-by-one";

        public override string Description => "Tasks one after the other.";

        protected override async Task RunAsync(FlowContext flow, None parameters)
        {
            for (var i = 0; i < count; i++)
                await flow.RunAsync(new TaskSpec("nothing"), _ => Task.FromResult(i));
        }
    }

    private sealed class Mapped(int count) : Flow<None>
    {
        public override string Name => "mapped";

        public override string Description => "Tasks, eight at once.";

        protected override Task RunAsync(FlowContext flow, None parameters) =>
            flow.MapAsync(new TaskSpec("nothing"), [.. Enumerable.Range(0, count)], i => i.ToString(CultureInfo.InvariantCulture), (_, i) => Task.FromResult(i), atOnce: 8);
    }

    private sealed class Silent : IFlowObserver
    {
        public void FlowStarted(FlowRun run)
        {
        }

        public void TaskStarted(FlowRun run, TaskRun task)
        {
        }

        public void TaskProgressed(FlowRun run, TaskRun task, string doing, double? fraction)
        {
        }

        public void TaskEnded(FlowRun run, TaskRun task, object? result)
        {
        }

        public void FlowEnded(FlowRun run)
        {
        }

        public void Logged(RunLogLine line)
        {
        }
    }
}
