using System.CommandLine;
using Finks.Simulator;

namespace Finks.Cli.Commands;

/// <summary>The options that say what the simulator serves.</summary>
internal sealed class SourceChoice
{
    /// <summary>The last day of the synthetic market unless told otherwise; the seeds' synthetic portfolios are made for it.</summary>
    public static readonly DateOnly SyntheticUntil = new(2025, 12, 31);

    private readonly Option<DirectoryInfo?> _recorded = new("--recorded") { Description = "Serve recorded replies from this folder (with an index.json)." };
    private readonly Option<FileInfo?> _prices = new("--prices") { Description = "Serve the daily prices of this Parquet file." };
    private readonly Option<string?> _until = new("--until") { Description = "The last day that the source shows. Default: all there is; synthetic data ends 2025-12-31." };
    private readonly Option<int> _symbols = new("--symbols") { Description = "How many synthetic symbols. Default 30.", DefaultValueFactory = _ => 30 };
    private readonly Option<int> _years = new("--years") { Description = "How many years of synthetic prices. Default 5.", DefaultValueFactory = _ => 5 };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the synthetic market. Default 1.", DefaultValueFactory = _ => 1 };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _recorded, _prices, _until, _symbols, _years, _seed })
            command.Options.Add(option);
    }

    /// <summary>A name for the choice, which also names the demo's folder.</summary>
    public string Name(ParseResult parsed) =>
        parsed.GetValue(_prices) is not null ? "prices" : parsed.GetValue(_recorded) is not null ? "recorded" : "synthetic";

    /// <summary>Opens what the command line names.</summary>
    /// <exception cref="UsageException">Two sources, or a file or folder that is not there.</exception>
    public IMarketSource Open(ParseResult parsed)
    {
        var until = parsed.GetValue(_until) is { } text ? OptionText.Date(text, "--until") : (DateOnly?)null;
        switch (parsed.GetValue(_recorded), parsed.GetValue(_prices))
        {
            case ({ }, { }):
                throw new UsageException("Give --recorded or --prices, not both.");
            case ({ } folder, null):
                if (!File.Exists(Path.Combine(folder.FullName, "index.json")))
                    throw new UsageException($"There is no index.json in {folder.FullName}. --recorded wants a folder of recorded replies.");
                return RecordedReplies.Open(folder.FullName);
            case (null, { } file):
                if (!file.Exists)
                    throw new UsageException($"There is no file {file.FullName}. --prices wants a Parquet file of daily prices.");
                return PriceFile.Open(file.FullName, until);
            default:
                // One market, shown up to another day: its past does not depend on how far it is shown.
                var market = new SyntheticMarket(SyntheticUntil, parsed.GetValue(_seed), parsed.GetValue(_symbols), parsed.GetValue(_years));
                if (until < market.First)
                    throw new UsageException($"The synthetic market begins on {market.First:yyyy-MM-dd}; give --until that day or a later one, or more --years.");
                return until is { } last ? market.AsOf(last) : market;
        }
    }
}
