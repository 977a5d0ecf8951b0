using Finks.Simulator;

namespace Finks.EndToEnd;

/// <summary>What a user sees when the source misbehaves, and that nothing is lost.</summary>
public sealed class FaultTests : IDisposable
{
    private static readonly DateOnly Until = new(2025, 12, 31);

    private readonly TemporaryFolder _folder = new();

    private string Home => _folder.File("lake");

    [Theory]
    [InlineData(FaultKind.Garbage, "eod_price_raw FKA02: Garbage")]
    [InlineData(FaultKind.HtmlPage, "eod_price_raw FKA02: Html")]
    [InlineData(FaultKind.ErrorObject, "eod_price_raw FKA02: ")]
    public async Task A_reply_without_data_leaves_the_run_incomplete_and_the_next_run_completes_it(FaultKind kind, string seen)
    {
        var undisturbed = await ContentOfUndisturbedRunAsync();
        await using var server = await StartAsync(new FaultRule(kind) { Path = "*non-split-adjusted", Symbol = "FKA02" });

        var first = Run(server);
        var status = FinksProgram.Output("status", "--home", Home);
        var second = Run(server);

        Assert.True(first.ExitCode == 3, first.Output + first.Error);
        Assert.Contains(seen, first.Output, StringComparison.Ordinal);
        Assert.Contains("Run the command again", first.Output, StringComparison.Ordinal);
        Assert.Contains(seen, status, StringComparison.Ordinal);
        Assert.Equal(0, second.ExitCode);
        Assert.Equal(undisturbed, Content());
    }

    [Theory]
    [InlineData(FaultKind.MissingField, "close (adjClose): the required value is missing")]
    [InlineData(FaultKind.TextForNumber, "close (adjClose): '")]
    public async Task A_bad_row_is_quarantined_with_its_reason_and_can_be_traced_to_its_bytes(FaultKind kind, string reason)
    {
        await using var server = await StartAsync(new FaultRule(kind) { Path = "*non-split-adjusted", Symbol = "FKA02", Field = "adjClose", Row = 3 });

        var run = Run(server);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("eod_price_raw: 1 of ", run.Output, StringComparison.Ordinal);
        Assert.Contains(reason, run.Output, StringComparison.Ordinal);
        var trace = System.Text.RegularExpressions.Regex.Match(run.Output, "`finks (trace [^`]+)`").Groups[1].Value;
        Assert.Contains("\"symbol\":\"FKA02\"", FinksProgram.Output([.. trace.Split(' '), "--home", Home]), StringComparison.Ordinal);
        Assert.Contains("FKA02", FinksProgram.Output("show", "quarantine", "--home", Home, "--format", "json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_duplicated_row_is_counted_once_and_reported_as_repeated()
    {
        var undisturbed = await ContentOfUndisturbedRunAsync();
        await using var server = await StartAsync(new FaultRule(FaultKind.DuplicateRow) { Path = "*non-split-adjusted", Symbol = "FKA02" });

        var run = Run(server);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(" + 1 repeated + 0 quarantined", run.Output, StringComparison.Ordinal);
        Assert.Equal(undisturbed, Content());
    }

    [Fact]
    public async Task A_failing_model_shuts_the_gate_and_Gold_stays()
    {
        await using var server = await StartAsync();
        Run(server);
        var before = Content();
        var project = _folder.File("dbt");
        CopyFolder(Checkout.PathOf("dbt"), project);
        File.WriteAllText(Path.Combine(project, "tests", "assert_nothing_was_ever_traded.sql"), "select symbol, date, close from {{ ref('daily_returns') }}\n");

        var shut = FinksProgram.Run("transform", "--home", Home, "--dbt", project);

        Assert.Equal(4, shut.ExitCode);
        Assert.Contains("Gold stays as it was", shut.Error, StringComparison.Ordinal);
        Assert.Contains("assert_nothing_was_ever_traded", shut.Error, StringComparison.Ordinal);
        Assert.Contains("symbol=FKA0", shut.Error, StringComparison.Ordinal);
        Assert.Equal(before, Content());
    }

    [Fact]
    public void Without_a_key_the_user_is_told_which_variable_to_set()
    {
        var run = Oracle.Run(Checkout.PathOf("finks"), ["run", "--symbols", "AAPL", "--home", Home], environment: new Dictionary<string, string> { ["FMP_API_KEY"] = "" });

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("FMP_API_KEY", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "show", "daily_return", "daily_returns")]
    [InlineData(2, "show", "daily_returns --key sybmol=AAPL", "symbol")]
    [InlineData(2, "show", "daily_returns --as-of yesterday", "2025-06-30")]
    [InlineData(2, "show", "daily_returns --limit -1", "at least 0")]
    [InlineData(2, "demonstrate", "", "--help")]
    [InlineData(2, "demo", "--prices /nowhere/prices.parquet", "Parquet")]
    public async Task A_wrong_command_line_is_answered_with_what_to_write(int code, string command, string arguments, string told)
    {
        await using var server = await StartAsync();
        Run(server);
        string[] home = command == "show" ? ["--home", Home] : [];

        var result = FinksProgram.Run([command, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. home]);

        Assert.Equal(code, result.ExitCode);
        Assert.Contains(told, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at Finks.", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<SimulatorServer> StartAsync(params FaultRule[] faults) =>
        SimulatorServer.StartAsync(new SimulatorOptions { Faults = faults }, new SyntheticMarket(Until, symbols: 3, years: 1), new RealClock());

    private ProgramResult Run(SimulatorServer server, string? home = null) => FinksProgram.Run(
        "run", "--symbols", "FKA01,FKA02,FKA03", "--from", "2024-01-01", "--to", "2025-12-31", "--base-url", server.BaseAddress.ToString(), "--calls-per-minute", "0", "--attempts", "1", "--home", home ?? Home);

    private async Task<IReadOnlyList<string>> ContentOfUndisturbedRunAsync()
    {
        await using var server = await StartAsync();
        var home = _folder.File("undisturbed");
        Assert.Equal(0, Run(server, home).ExitCode);
        using var lake = new LakeContent(home);
        return lake.Tables();
    }

    private IReadOnlyList<string> Content()
    {
        using var lake = new LakeContent(Home);
        return lake.Tables();
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
