using System.Text.Json;
using Finks.Simulator;

namespace Finks.EndToEnd;

/// <summary>A contract that refuses too much: what the user sees, and the way back.</summary>
public sealed class QualityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Home => _folder.File("lake");

    private string Contracts => _folder.File("contracts");

    [Fact]
    public async Task A_shut_gate_names_the_way_out_and_a_replay_after_mending_gives_what_an_undisturbed_run_gives()
    {
        await using var server = await StartAsync();
        Assert.Equal(0, Run(server, _folder.File("undisturbed")).ExitCode);
        var (all, refused) = Prices(_folder.File("undisturbed"), "FKA02");
        RefusingContracts.CopyTo(Contracts, "FKA02");

        var shut = Run(server, Home, "--contracts", Contracts);
        Assert.True(shut.ExitCode == 4, shut.Output + shut.Error);
        Assert.Contains($"error: eod_price_raw rows_refused: {refused} of {all} rows break the contract", shut.Error, StringComparison.Ordinal);
        Assert.Contains("finks cleanse --accept eod_price_raw.rows_refused", shut.Error, StringComparison.Ordinal);
        Assert.Contains("rows_refused", FinksProgram.Output("quality", "--home", Home), StringComparison.Ordinal);

        FinksProgram.Output("cleanse", "--accept", "rows_refused", "--home", Home, "--contracts", Contracts);
        Assert.Contains($"eod_price_raw: {refused} in quarantine, 0 released", FinksProgram.Output("quarantine", "list", "--home", Home), StringComparison.Ordinal);
        using (var rows = JsonDocument.Parse(FinksProgram.Output("quarantine", "show", "--dataset", "eod_price_raw", "--limit", "2", "--format", "json", "--home", Home)))
        {
            Assert.Equal(2, rows.RootElement.GetArrayLength());
            Assert.Contains("\"symbol\":\"FKA02\"", rows.RootElement[0].GetProperty("raw_row").GetString(), StringComparison.Ordinal);
            Assert.Contains("does not match", rows.RootElement[0].GetProperty("reasons").GetString(), StringComparison.Ordinal);
        }

        Assert.Contains($"{refused} rows in quarantine = {refused} new in Silver", FinksProgram.Output("quarantine", "replay", "--dry-run", "--home", Home), StringComparison.Ordinal);
        Assert.Contains($"{refused} in quarantine, 0 released", FinksProgram.Output("quarantine", "list", "--home", Home), StringComparison.Ordinal);
        Assert.Contains($"{refused} rows in quarantine = {refused} new in Silver", FinksProgram.Output("quarantine", "replay", "--home", Home), StringComparison.Ordinal);
        Assert.Contains($"0 in quarantine, {refused} released", FinksProgram.Output("quarantine", "list", "--home", Home), StringComparison.Ordinal);
        FinksProgram.Output("transform", "--home", Home);
        Assert.Equal(Content(_folder.File("undisturbed")), Content(Home).Where(t => !t.StartsWith("silver.quarantine", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_score_is_told_in_every_format_and_fails_a_build_only_when_asked_to()
    {
        await using var server = await StartAsync();
        Assert.Equal(0, Run(server, Home).ExitCode);

        using var report = JsonDocument.Parse(FinksProgram.Output("quality", "--format", "json", "--home", Home));
        var checks = report.RootElement.GetProperty("checks").EnumerateArray().ToList();
        var csv = FinksProgram.Output("quality", "--format", "csv", "--home", Home).TrimEnd().Split('\n');
        var low = FinksProgram.Run("quality", "--fail-below", "100.5", "--home", Home);

        Assert.Contains(checks, c => c.GetProperty("stage").GetString() == "transform" && c.GetProperty("dataset").GetString() == "daily_returns");
        Assert.Equal(checks.Count + 1, csv.Length);
        Assert.Equal(ScoreOf(checks), report.RootElement.GetProperty("score").GetDouble(), 9);
        Assert.Equal(4, low.ExitCode);
        Assert.Contains("is below 100.5", low.Error, StringComparison.Ordinal);
        Assert.Equal(0, FinksProgram.Run("quality", "daily_returns", "--fail-below", "100", "--home", Home).ExitCode);
        Assert.Equal(2, FinksProgram.Run("quality", "daily_return", "--home", Home).ExitCode);
    }

    /// <summary>The formula of docs/quality.md, from the printed checks.</summary>
    private static double ScoreOf(IReadOnlyList<JsonElement> checks)
    {
        static double Weight(JsonElement check) => check.GetProperty("severity").GetString() switch { "error" => 10, "warning" => 3, _ => 1 };
        var judged = checks.Where(c => c.GetProperty("outcome").GetString() != "notjudged").ToList();
        return 100 * judged.Sum(c => Weight(c) * c.GetProperty("credit").GetDouble()) / judged.Sum(Weight);
    }

    private static Task<SimulatorServer> StartAsync() =>
        SimulatorServer.StartAsync(new SimulatorOptions(), new SyntheticMarket(new DateOnly(2025, 12, 31), symbols: 3, years: 1), new RealClock());

    private static ProgramResult Run(SimulatorServer server, string home, params string[] more) => FinksProgram.Run(
        ["run", "--symbols", "FKA01,FKA02,FKA03", "--from", "2025-01-01", "--to", "2025-12-31", "--base-url", server.BaseAddress.ToString(), "--calls-per-minute", "0", "--home", home, .. more]);

    private static (long All, long OfSymbol) Prices(string home, string symbol)
    {
        using var lake = new LakeContent(home);
        return (lake.Scalar<long>("select count(*) from {silver.eod_price_raw}"), lake.Scalar<long>($"select count(*) from {{silver.eod_price_raw}} where symbol = '{symbol}'"));
    }

    private static IReadOnlyList<string> Content(string home)
    {
        using var lake = new LakeContent(home);
        return lake.Tables();
    }

    public void Dispose() => _folder.Dispose();
}
