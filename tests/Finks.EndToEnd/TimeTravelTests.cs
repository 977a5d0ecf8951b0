using System.Globalization;
using Finks.Simulator;

namespace Finks.EndToEnd;

/// <summary>Every command that reads tables takes a snapshot, a time or a date.</summary>
public sealed class TimeTravelTests : IAsyncLifetime
{
    private static readonly DateOnly Until = new(2025, 12, 31);

    private readonly TemporaryFolder _folder = new();
    private long _first;
    private string _firstTime = "";
    private long _last;
    private (string First, string Last) _close;

    private string Home => _folder.File("lake");

    /// <summary>Two runs over two markets: the last week comes back restated.</summary>
    public async ValueTask InitializeAsync()
    {
        var market = new SyntheticMarket(Until, seed: 1, symbols: 1, years: 1);
        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), market.AsOf(Until.AddDays(-1)), new RealClock(), TestContext.Current.CancellationToken);
        FinksRun(server, Until.AddDays(-1));
        using (var lake = new LakeContent(Home))
        {
            var snapshot = lake.Lake.CurrentSnapshot();
            (_first, _firstTime) = (snapshot.Id, snapshot.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            _close.First = Close(lake);
        }

        server.Source = new SyntheticMarket(Until, seed: 2, symbols: 1, years: 1);
        FinksRun(server, Until);
        using var later = new LakeContent(Home);
        _last = later.Lake.CurrentSnapshot().Id;
        _close.Last = Close(later);
    }

    [Theory]
    [InlineData("silver.eod_price_raw")]
    [InlineData("daily_returns")]
    public void Show_gives_by_snapshot_and_by_time_what_was_there_after_the_first_run(string table)
    {
        Assert.NotEqual(_close.First, _close.Last);
        Assert.Equal(_close.First, Shown(table, $"{_first}"));
        Assert.Equal(_close.First, Shown(table, $"snapshot:{_first}"));
        Assert.Equal(_close.First, Shown(table, _firstTime));
        Assert.Equal(_close.Last, Shown(table, $"{_last}"));
        Assert.Equal(_close.Last, Shown(table, "2999-12-31"));
    }

    [Fact]
    public void Silver_by_snapshot_is_what_was_committed_and_by_time_what_was_known()
    {
        // Between ingesting and cleansing the first replies were known, and nothing was committed.
        using var lake = new LakeContent(Home);
        var known = lake.Scalar<DateTime>("select max(known_from) at time zone 'UTC' from {silver.eod_price_raw} where not removed", lake.Lake.SnapshotById(_first));
        var before = lake.Lake.SnapshotAsOf(new DateTimeOffset(known, TimeSpan.Zero)).Id;

        Assert.Equal(0, before);
        Assert.Equal(_close.First, Shown("silver.eod_price_raw", known.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)));
        var result = FinksProgram.Run("show", "silver.eod_price_raw", "--as-of", $"{before}", "--home", Home);
        Assert.Equal((2, true), (result.ExitCode, result.Error.Contains("no table 'silver.eod_price_raw'", StringComparison.Ordinal)));
    }

    [Fact]
    public void History_ends_at_the_time_asked_for()
    {
        int Versions(params string[] more) =>
            FinksProgram.Output(["show", "silver.eod_price_raw", "--key", "date=2025-12-30", "--history", "--format", "csv", "--home", Home, .. more]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;

        Assert.Equal((1, 1, 2), (Versions("--as-of", _firstTime), Versions("--as-of", $"{_first}"), Versions()));
    }

    [Theory]
    [InlineData("silver.eod_price_raw")]
    [InlineData("daily_returns")]
    public void Diff_is_the_same_by_snapshot_and_by_time_and_empty_between_a_state_and_itself(string table)
    {
        var byTime = Diff(table, "--from", _firstTime);

        Assert.Contains(byTime, line => line.StartsWith("changed,FKA01,2025-12-30,", StringComparison.Ordinal));
        Assert.Equal(byTime, Diff(table, "--from", $"{_first}"));
        Assert.Equal(byTime, Diff(table, "--from", $"snapshot:{_first}", "--to", $"{_last}"));
        Assert.Equal(byTime, Diff(table, "--from", $"{_first}", "--to", "2999-12-31"));
        Assert.Empty(Diff(table, "--from", $"{_first}", "--to", _firstTime));
    }

    [Fact]
    public void Trace_follows_the_row_as_it_was()
    {
        string Trace(string asOf) => FinksProgram.Output("trace", "daily_returns", "--key", "symbol=FKA01,date=2025-12-30", "--as-of", asOf, "--home", Home);

        Assert.Contains($" {_close.First}", Trace($"{_first}"), StringComparison.Ordinal);
        Assert.DoesNotContain($" {_close.Last}", Trace($"{_first}"), StringComparison.Ordinal);
        Assert.Equal(Trace($"{_first}"), Trace(_firstTime));
        Assert.Contains($" {_close.Last}", Trace($"{_last}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Status_tells_what_the_lake_held_and_which_runs_had_begun()
    {
        var then = FinksProgram.Output("status", "--as-of", $"{_first}", "--home", Home);
        var now = FinksProgram.Output("status", "--home", Home);

        Assert.Contains($"snapshot {_first} of ", then, StringComparison.Ordinal);
        Assert.Equal((1, 2), (then.Split(" Completed after").Length - 1, now.Split(" Completed after").Length - 1));
        Assert.NotEqual(Bronze(then), Bronze(now));

        static string Bronze(string status) => status.Split('\n').First(l => l.Contains("bronze", StringComparison.Ordinal) && l.Contains("eod_price_raw", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("show", "daily_returns", "--as-of")]
    [InlineData("trace", "daily_returns", "--key", "symbol=FKA01,date=2025-12-30", "--as-of")]
    [InlineData("status", "--as-of")]
    [InlineData("diff", "daily_returns", "--from")]
    [InlineData("diff", "daily_returns", "--from", "2025-01-01", "--to")]
    public void Every_command_refuses_alike_what_is_no_point_in_time_and_what_the_lake_has_not(params string[] command)
    {
        var nonsense = FinksProgram.Run([.. command, "yesterday", "--home", Home]);
        var unknown = FinksProgram.Run([.. command, "99", "--home", Home]);

        Assert.Equal(2, nonsense.ExitCode);
        Assert.StartsWith($"{command[^1]} 'yesterday' is neither a snapshot nor a time. Write 12 or snapshot:12", nonsense.Error, StringComparison.Ordinal);
        Assert.Equal(1, unknown.ExitCode);
        Assert.StartsWith("The lake has no snapshot 99. The oldest is 0 of ", unknown.Error, StringComparison.Ordinal);
        Assert.Contains($", the newest {_last} of ", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_before_the_lake_and_a_wrong_order_say_so()
    {
        var early = FinksProgram.Run("show", "daily_returns", "--as-of", "1999-12-31", "--home", Home);
        var order = FinksProgram.Run("diff", "daily_returns", "--from", $"{_last}", "--to", $"{_first}", "--home", Home);

        Assert.StartsWith("The lake has no snapshot as of 1999-12-31 23:59:59Z. The oldest is 0 of ", early.Error, StringComparison.Ordinal);
        Assert.Equal((2, "--from is after --to."), (order.ExitCode, order.Error.Trim()));
    }

    [Fact]
    public void A_snapshot_that_is_no_longer_there_is_said_to_be_expired()
    {
        using (var lake = new LakeContent(Home))
            lake.Lake.Database.Write(tx => tx.Execute("delete from ducklake_snapshot where snapshot_id = 0"));

        var expired = FinksProgram.Run("show", "daily_returns", "--as-of", "snapshot:0", "--home", Home);

        Assert.StartsWith("The lake has no snapshot 0: it has been expired. The oldest is 1 of ", expired.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_tells_snapshots_from_knowledge_time() =>
        Assert.Contains("known_from", FinksProgram.Output("show", "--help"), StringComparison.Ordinal);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Close(LakeContent lake) => lake.Scalar<string>("select arg_max(close, known_from)::varchar from {silver.eod_price_raw} where date = '2025-12-30' and not removed").TrimEnd('0').TrimEnd('.');

    private string Shown(string table, string asOf)
    {
        var lines = FinksProgram.Output("show", table, "--key", "symbol=FKA01,date=2025-12-30", "--as-of", asOf, "--format", "csv", "--home", Home).Split('\n');
        var column = Array.IndexOf(lines[0].Split(','), "close");
        return decimal.Parse(lines[1].Split(',')[column], CultureInfo.InvariantCulture).ToString("0.########", CultureInfo.InvariantCulture);
    }

    private List<string> Diff(string table, params string[] options) =>
        [.. FinksProgram.Output(["diff", table, .. options, "--home", Home, "--format", "csv", "--limit", "0"]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];

    private void FinksRun(SimulatorServer server, DateOnly to) => FinksProgram.Output(
        "run", "--symbols", "FKA01", "--from", "2025-01-01", "--to", $"{to:yyyy-MM-dd}", "--base-url", server.BaseAddress.ToString(), "--calls-per-minute", "0", "--home", Home);
}
