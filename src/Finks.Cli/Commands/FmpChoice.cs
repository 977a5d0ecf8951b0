using System.CommandLine;
using Finks.Pipelines;
using Finks.Pipelines.Flows;

namespace Finks.Cli.Commands;

/// <summary>The options that say what is asked of FMP.</summary>
internal sealed class FmpChoice
{
    private readonly Option<string[]> _symbols = new("--symbols") { Description = "Symbols in FMP's spelling (BRK-B), with commas or blanks between.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _from = new("--from") { Description = "First date of prices. Default: five years before --to." };
    private readonly Option<string?> _to = new("--to") { Description = "Last date of prices. Default: the last weekday whose prices are final (after 18:00 in New York)." };
    private readonly Option<string[]> _datasets = new("--datasets") { Description = "Datasets to ask for. Default: all that have a contract.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _baseAddress = new("--base-url") { Description = "Where FMP is. Default: FMP_BASE_URL, or FMP itself; `finks simulate` prints its own." };
    private readonly Option<int> _callsPerMinute = new("--calls-per-minute") { Description = "Rate limit; 0 for none. Default 660, safe for a plan of 750.", DefaultValueFactory = _ => 660 };
    private readonly Option<int> _attempts = new("--attempts") { Description = "How often a call is tried when the source stumbles, with growing pauses. Default 5.", DefaultValueFactory = _ => 5 };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _symbols, _from, _to, _datasets, _baseAddress, _callsPerMinute, _attempts })
            command.Options.Add(option);
    }

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="UsageException">The key is not set, or an option makes no sense.</exception>
    public IngestParameters Read(ParseResult parsed, Workspace workspace)
    {
        FlowChoice.RequireFmpApiKey();
        var symbols = (parsed.GetValue(_symbols) ?? []).SelectMany(Split).Distinct().ToList();
        if (symbols.Count == 0)
            throw new UsageException("Option '--symbols' is required.");
        var from = parsed.GetValue(_from) is { } first ? OptionText.Date(first, "--from") : (DateOnly?)null;
        var to = parsed.GetValue(_to) is { } last ? OptionText.Date(last, "--to") : (DateOnly?)null;
        if (from is { } f && to is { } t)
            OptionText.Range(f, t);
        return new IngestParameters
        {
            Symbols = symbols,
            From = from,
            To = to,
            Datasets = Datasets(parsed, workspace),
            BaseUrl = parsed.GetValue(_baseAddress),
            CallsPerMinute = parsed.GetValue(_callsPerMinute),
            Attempts = parsed.GetValue(_attempts),
            Retries = 0,
        };
    }

    private List<string> Datasets(ParseResult parsed, Workspace workspace)
    {
        var names = (parsed.GetValue(_datasets) ?? []).SelectMany(Split).ToList();
        try
        {
            return [.. names.Select(n => workspace.Contracts.Get(n).Dataset)];
        }
        catch (KeyNotFoundException unknown)
        {
            throw new UsageException(unknown.Message);
        }
    }

    private static string[] Split(string text) => text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
