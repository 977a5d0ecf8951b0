using System.CommandLine;
using Finks.Simulator;

namespace Finks.Cli.Commands;

/// <summary><c>finks simulate</c>.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var source = new SourceChoice();
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 takes a free one. Default 8321.", DefaultValueFactory = _ => 8321 };
        var command = new Command("simulate", "Serve FMP's endpoints on this machine: a synthetic market, recorded replies or a file of prices.") { port };
        source.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var market = source.Open(parsed);
            await using var server = await SimulatorServer.StartAsync(new SimulatorOptions { Port = parsed.GetValue(port) }, market, Composition.Clock, cancellation);
            Console.WriteLine($"{source.Name(parsed)} data of {market.Symbols.Count} symbols, {market.First:yyyy-MM-dd} to {market.Until:yyyy-MM-dd}, at {server.BaseAddress}stable/");
            Console.WriteLine($"Any key will do: curl -H 'apikey: any-key' '{server.BaseAddress}stable/profile?symbol={market.Symbols[0]}'");
            Console.WriteLine("Ctrl-C ends it.");
            var ended = new TaskCompletionSource();
            await using var registration = cancellation.Register(ended.SetResult);
            await ended.Task;
            return ExitCodes.Success;
        });
        return command;
    }
}
