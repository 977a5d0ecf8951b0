using System.Text.Json.Nodes;
using Finks.Cli.Chaos;
using Finks.Lake.Tests;
using Finks.Orchestration.Local;
using Finks.Orchestration.Runs;
using Finks.Orchestration.Scheduling;
using Finks.Orchestration.States;
using Finks.Pipelines;
using Finks.Pipelines.Flows;
using Microsoft.Extensions.Time.Testing;

namespace Finks.EndToEnd;

/// <summary>What becomes of scheduled runs, above all of those whose process died.</summary>
public sealed class ScheduledRunsTests : IDisposable
{
    private static readonly RunProcess Dead = new(RunProcess.Current.Machine, int.MaxValue, 1);
    private static readonly RunProcess Elsewhere = new("another-machine", 1, 1);

    private static readonly ScheduledFlow Mornings = new("freshness/here/mornings", FreshnessFlow.FlowName, Schedule.Parse("every: 1h"), []);
    private static readonly ScheduledRun Due = new(Mornings, PipelineFixture.Now);

    private readonly TemporaryFolder _folder = new();
    private readonly Workspace _workspace;
    private readonly LakeScheduleLedger _ledger;
    private readonly List<string> _told = [];

    public ScheduledRunsTests()
    {
        _workspace = PipelineFixture.Open(PipelineFixture.Folders(_folder.File("lake")));
        _ledger = new LakeScheduleLedger(_workspace.Lake.Database);
        _ledger.Status(Mornings.Name, PipelineFixture.Now.AddHours(-1));
        Assert.True(_ledger.TryClaim(Mornings.Name, Due.ScheduledFor, PipelineFixture.Now));
    }

    public void Dispose()
    {
        _workspace.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_due_run_is_made_once_however_often_it_is_asked_for()
    {
        Assert.True(await Runs().RunAsync(Due, TestContext.Current.CancellationToken));
        Assert.True(await Runs().RunAsync(Due, TestContext.Current.CancellationToken));

        var run = Assert.Single(_workspace.Runs.Latest(10));
        Assert.Equal((StateType.Completed, 1, Due.ScheduledFor), (run.State.Type, run.RunCount, run.ScheduledFor!.Value));
        Assert.Equal("freshness 2026-01-02 12:00", run.Name);
    }

    [Fact]
    public async Task A_run_that_fails_has_ended_too()
    {
        var due = Due with { Flow = Mornings with { Parameters = new JsonObject { ["datasets"] = "not a list" } } };

        Assert.True(await Runs().RunAsync(due, TestContext.Current.CancellationToken));

        Assert.Equal(StateType.Failed, Assert.Single(_workspace.Runs.Latest(10)).State.Type);
        Assert.Contains(_told, line => line.Contains("parameters of flow freshness are wrong", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_of_a_dead_process_goes_on_and_is_settled()
    {
        var run = await BegunByAsync(Dead);

        Assert.True(await Runs().ResumeAsync(TestContext.Current.CancellationToken));
        Assert.False(await Runs().ResumeAsync(TestContext.Current.CancellationToken));

        var now = Assert.Single(_workspace.Runs.Latest(10));
        Assert.Equal((run.Id, StateType.Completed, 2), (now.Id, now.State.Type, now.RunCount));
        Assert.Empty(_ledger.Unsettled());
        Assert.Contains(_told, line => line.Contains("Crashed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_whose_process_always_dies_is_given_up()
    {
        var run = await BegunByAsync(Dead);
        for (var attempt = 2; attempt <= ScheduledRuns.MostDeaths; attempt++)
        {
            _workspace.Backend.Sweep();
            await BeginAsync(Dead, _workspace.Backend.Reopen(run.Id)!);
        }

        Assert.False(await Runs().ResumeAsync(TestContext.Current.CancellationToken));

        Assert.Equal(StateType.Crashed, Assert.Single(_workspace.Runs.Latest(10)).State.Type);
        Assert.Empty(_ledger.Unsettled());
        Assert.Contains(_told, line => line.Contains($"died {ScheduledRuns.MostDeaths} times", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_whose_scheduler_was_often_told_to_end_goes_on_all_the_same()
    {
        var run = await BegunByAsync(RunProcess.Current);
        for (var i = 0; i < ScheduledRuns.MostDeaths; i++)
        {
            await _workspace.Backend.ProposeAsync(run, ScheduledRuns.Stopped, Guid.Empty, force: false, TestContext.Current.CancellationToken);
            await BeginAsync(RunProcess.Current, _workspace.Backend.Reopen(run.Id)!);
        }

        await _workspace.Backend.ProposeAsync(run, ScheduledRuns.Stopped, Guid.Empty, force: false, TestContext.Current.CancellationToken);

        Assert.True(await Runs().ResumeAsync(TestContext.Current.CancellationToken));
        Assert.Equal(StateType.Completed, Assert.Single(_workspace.Runs.Latest(10)).State.Type);
    }

    [Fact]
    public async Task A_run_on_which_another_machine_works_is_left_alone()
    {
        await BegunByAsync(Elsewhere);

        Assert.False(await Runs().ResumeAsync(TestContext.Current.CancellationToken));
        Assert.False(await Runs().RunAsync(Due, TestContext.Current.CancellationToken));

        Assert.Equal((StateType.Running, 1), Assert.Single(_workspace.Runs.Latest(10)) is var run ? (run.State.Type, run.RunCount) : default);
        Assert.Single(_ledger.Unsettled());
    }

    [Fact]
    public async Task A_run_that_somebody_cancelled_stays_cancelled()
    {
        var run = await MadeAsync();
        _workspace.Backend.Cancel(run.Id, "asked for");

        Assert.False(await Runs().ResumeAsync(TestContext.Current.CancellationToken));

        Assert.Equal(StateType.Cancelled, Assert.Single(_workspace.Runs.Latest(10)).State.Type);
        Assert.Empty(_ledger.Unsettled());
    }

    [Fact]
    public async Task A_claimed_time_without_a_run_is_run_once_its_claimer_had_time_to()
    {
        Assert.False(await Runs().ResumeAsync(TestContext.Current.CancellationToken));
        Assert.Empty(_workspace.Runs.Latest(10));
        ((FakeTimeProvider)_workspace.Clock).Advance(TimeSpan.FromMinutes(1));

        Assert.True(await Runs().ResumeAsync(TestContext.Current.CancellationToken));

        Assert.Equal(StateType.Completed, Assert.Single(_workspace.Runs.Latest(10)).State.Type);
        Assert.Empty(_ledger.Unsettled());
    }

    [Fact]
    public async Task A_claimed_time_of_a_schedule_that_is_gone_is_left_out_and_told()
    {
        ((FakeTimeProvider)_workspace.Clock).Advance(TimeSpan.FromMinutes(1));

        Assert.False(await Runs(schedules: []).ResumeAsync(TestContext.Current.CancellationToken));

        Assert.Empty(_workspace.Runs.Latest(10));
        Assert.Empty(_ledger.Unsettled());
        Assert.Contains(_told, line => line.StartsWith(Mornings.Name, StringComparison.Ordinal));
    }

    private ScheduledRuns Runs(IReadOnlyList<ScheduledFlow>? schedules = null) => new(
        new FlowCatalog(new FlowServices { Workspace = _workspace, Random = new Random(1) }), _workspace, schedules ?? [Mornings], _ledger,
        new FlowRunner(_workspace, new NoDisplay()) { Stopped = ScheduledRuns.Stopped }, notices: null, _told.Add);

    private Task<FlowRun> MadeAsync() => _workspace.Backend.CreateFlowRunAsync(
        new NewFlowRun { Flow = Mornings.Flow, Name = "freshness", Parameters = [], IdempotencyKey = Due.IdempotencyKey, ScheduledFor = Due.ScheduledFor },
        TestContext.Current.CancellationToken);

    private async Task<FlowRun> BegunByAsync(RunProcess process)
    {
        var run = await MadeAsync();
        await BeginAsync(process, run);
        return run;
    }

    private async Task BeginAsync(RunProcess process, FlowRun run)
    {
        await using var backend = new LocalBackend(_workspace.Lake.Database, _workspace.Clock, new SequentialIds(9), new Random(1), process: process);
        var ids = new SequentialIds((short)(100 + run.RunCount));
        foreach (var state in new[] { RunState.Pending(), RunState.Running() })
            Assert.IsType<StateAnswer.Accepted>(await backend.ProposeAsync(run, state, ids.Next(), force: false, TestContext.Current.CancellationToken));
    }
}
