using System.Text.RegularExpressions;

namespace Finks.EndToEnd;

/// <summary>The demo, as a newcomer sees it.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Home => _folder.File("lake");

    [Fact]
    public void The_demo_shows_portfolios_zones_times_and_what_to_do_next()
    {
        var output = FinksProgram.Output("demo", "--home", Home);

        Assert.Matches(@"ingest +\d+\.\d\d s +210 replies", output);
        Assert.Matches(@"cleanse +\d+\.\d\d s +([\d,]+) rows in = ", output);
        Assert.Matches(@"transform +\d+\.\d\d s +\d+ models, (\d+) of \1 tests passed", output);
        Assert.Matches(@"synthetic_core +2025-12-31 +6 +[\d,]+\.\d\d +[+-]?\d+\.\d\d % +[+-]\d+\.\d\d % +[▁▂▃▄▅▆▇█]{32}", output);
        Assert.Matches(@"gold +daily_portfolio_summary +[\d,]+ +rows", output);
        Assert.Equal(3, Regex.Count(output, @"^  \./finks (show|trace|status) ", RegexOptions.Multiline));
    }

    [Fact]
    public void A_second_demo_fetches_nothing_and_commits_nothing()
    {
        FinksProgram.Output("demo", "--home", Home);
        using var lake = new LakeContent(Home);
        var snapshot = lake.Lake.CurrentSnapshot();

        var output = FinksProgram.Output("demo", "--home", Home);

        Assert.Contains("nothing to ask for", output, StringComparison.Ordinal);
        Assert.Contains(" 0 requests to the simulator", output, StringComparison.Ordinal);
        Assert.Equal(snapshot.Id, lake.Lake.CurrentSnapshot().Id);
    }

    [Fact]
    public void One_day_more_adds_that_day_only_and_the_earlier_answer_stays_readable()
    {
        string[] show = ["show", "daily_portfolio_summary", "--home", Home, "--limit", "0", "--format", "csv"];
        FinksProgram.Output("demo", "--until", "2025-12-30", "--home", Home);
        using var lake = new LakeContent(Home);
        var before = lake.Lake.CurrentSnapshot();
        var earlier = FinksProgram.Output(show);

        FinksProgram.Output("demo", "--home", Home);

        Assert.Equal(30, lake.Ledger("select new_rows from finks_cleanse_count where dataset = 'eod_price_raw' order by snapshot_id desc limit 1"));
        Assert.Equal(0, lake.Ledger("select sum(withdrawn_rows) from finks_cleanse_count"));
        Assert.NotEqual(earlier, FinksProgram.Output(show));
        Assert.Equal(earlier, FinksProgram.Output([.. show, "--as-of", $"{before.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}"]));
    }

    [Fact]
    public void Silver_shows_what_was_known_at_an_earlier_time()
    {
        FinksProgram.Output("demo", "--until", "2025-12-30", "--home", Home);
        using var lake = new LakeContent(Home);
        var before = lake.Lake.CurrentSnapshot().Time;
        FinksProgram.Output("demo", "--home", Home);
        string[] show = ["show", "eod_price_raw", "--home", Home, "--limit", "0", "--format", "csv", "--key", "symbol=FKA01,date=2025-12-31"];

        Assert.Equal(2, FinksProgram.Output(show).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Single(FinksProgram.Output([.. show, "--as-of", $"{before.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}"]).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void The_commands_that_the_demo_proposes_work()
    {
        var output = FinksProgram.Output("demo", "--home", Home);

        foreach (Match command in Regex.Matches(output, @"^  \./finks (.+)$", RegexOptions.Multiline))
            Assert.NotEmpty(FinksProgram.Output(command.Groups[1].Value.Trim().Split(' ')));
    }

    [Fact]
    public void The_demo_runs_on_recorded_replies_of_the_real_service()
    {
        var recorded = Checkout.Shared("data", "fmp");

        FinksProgram.Output("demo", "--recorded", recorded, "--home", Home);

        using var lake = new LakeContent(Home);
        // What FMP served around Apple's 4:1 split, and the split-adjusted close that FMP gives for the day before: 124.81.
        Assert.Equal(499.24, lake.Scalar<double>("select close from {gold.daily_returns} where symbol = 'AAPL' and date = '2020-08-28'"));
        Assert.Equal(124.81, lake.Scalar<double>("select close_split_adjusted from {gold.daily_returns} where symbol = 'AAPL' and date = '2020-08-28'"), 6);
        Assert.Equal(129.04 * 4 / 499.24 - 1, lake.Scalar<double>("select price_return from {gold.daily_returns} where symbol = 'AAPL' and date = '2020-08-31'"), 9);
        Assert.Equal(181.42, lake.Scalar<double>("select close from {silver.eod_price_split_adjusted} where symbol = 'AAPL' and date = '2024-02-28'"));
        Assert.True(lake.Scalar<long>("select count(*) from {silver.income_statement} where symbol = 'AAPL'") >= 5);
        Assert.Equal(0, lake.Ledger("select sum(rows_in - new_rows - repeated_rows - quarantined_rows) from finks_cleanse_count"));
    }

    [Fact]
    public void The_real_DuckLake_extension_reads_the_demos_lake_and_finds_it_sound()
    {
        var check = Checkout.Shared("tools", "ducklake_check.py");
        var python = Oracle.Python("ducklake");
        FinksProgram.Output("demo", "--home", Home);

        var result = Oracle.Run(python, [check, Path.Combine(Home, "lake.sqlite")]);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("\"ok\": true", result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
