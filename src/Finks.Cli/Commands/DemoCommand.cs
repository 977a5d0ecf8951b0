using System.CommandLine;
using Finks.Cli.Output;
using Finks.Pipelines;
using Finks.Pipelines.Flows;
using Finks.Pipelines.Reading;
using Finks.Simulator;

namespace Finks.Cli.Commands;

/// <summary><c>finks demo</c>: everything, offline, against the built-in simulator.</summary>
internal static class DemoCommand
{
    private const string AnyKey = "finks-demo-key";

    public static Command Create()
    {
        var workspaceChoice = new WorkspaceChoice();
        var source = new SourceChoice();
        var command = new Command("demo", "Show everything at work, offline: start the simulator, ingest, cleanse, transform, and show the result. Run it twice: nothing is fetched again.");
        source.AddTo(command);
        workspaceChoice.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var start = Composition.Clock.GetTimestamp();
            var market = source.Open(parsed);
            var home = Path.Combine(WorkspaceChoice.Setting("FINKS_HOME") ?? ".finks", $"demo-{source.Name(parsed)}");
            using var workspace = workspaceChoice.Open(parsed, home);
            await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), market, Composition.Clock, cancellation);
            Console.WriteLine($"Simulator with {source.Name(parsed)} data of {market.Symbols.Count} symbols, {market.First:yyyy-MM-dd} to {market.Until:yyyy-MM-dd}, at {server.BaseAddress}");

            var code = await RunAsync(workspace, server, market, cancellation);
            Console.WriteLine($"{"total",-10} {Composition.Clock.GetElapsedTime(start).TotalSeconds,6:0.00} s  {server.RequestCount:N0} requests to the simulator");
            WriteResult(workspace, parsed.GetResult("--home") is null ? home : workspace.Lake.Paths.Home);
            return code;
        });
        return command;
    }

    private static async Task<int> RunAsync(Workspace workspace, SimulatorServer server, IMarketSource market, CancellationToken cancellation)
    {
        var parameters = new DailyParameters
        {
            Symbols = market.Symbols,
            From = market.First,
            To = market.Until,
            BaseUrl = server.BaseAddress.ToString(),
            CallsPerMinute = 0,
            Retries = 0,
        };
        // Nobody is notified of a demo.
        var flow = new DailyFlow(FlowChoice.Services(workspace, AnyKey));
        return FlowChoice.ExitCode(await FlowDisplay.ShowAsync(observer => new FlowRunner(workspace, observer).RunAsync(flow, parameters, cancellation)));
    }

    private static void WriteResult(Workspace workspace, string home)
    {
        var status = new LakeStatus(workspace);
        ZoneTable.Write(status.Tables());
        var portfolios = status.Portfolios(PortfolioTable.CurveDays);
        PortfolioTable.Write(portfolios);
        var example = portfolios.FirstOrDefault();
        var shown = Path.GetRelativePath(".", home) is { Length: > 0 } relative && !relative.StartsWith("..", StringComparison.Ordinal) ? relative : home;
        Console.WriteLine($"""
            Next:
              ./finks show daily_returns --home {shown} --limit 10
              ./finks trace daily_portfolio_summary --home {shown} --key portfolio_id={example?.PortfolioId ?? "ID"},date={example?.Date.ToString("yyyy-MM-dd") ?? "DATE"}
              ./finks status --home {shown}
            """);
    }
}
