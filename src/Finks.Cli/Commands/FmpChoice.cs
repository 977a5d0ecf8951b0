using System.CommandLine;
using Finks.Contracts;
using Finks.Fmp;
using Finks.Ingestion;
using Finks.Ingestion.Planning;
using Finks.Pipelines;
using Finks.Pipelines.Stages;
using NodaTime;
using NodaTime.Extensions;

namespace Finks.Cli.Commands;

/// <summary>The options that say what is asked of FMP.</summary>
internal sealed class FmpChoice
{
    public const int DefaultAttempts = 5;

    private static readonly LocalTime PricesAreFinal = new(18, 0);

    private readonly Option<string[]> _symbols = new("--symbols") { Description = "Symbols in FMP's spelling (BRK-B), with commas or blanks between.", AllowMultipleArgumentsPerToken = true, Required = true };
    private readonly Option<string?> _from = new("--from") { Description = "First date of prices. Default: five years before --to." };
    private readonly Option<string?> _to = new("--to") { Description = "Last date of prices. Default: the last weekday whose prices are final (after 18:00 in New York)." };
    private readonly Option<string[]> _datasets = new("--datasets") { Description = "Datasets to ask for. Default: all that have a contract.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _baseAddress = new("--base-url") { Description = "Where FMP is. Default: FMP_BASE_URL, or FMP itself; `finks simulate` prints its own." };
    private readonly Option<int> _callsPerMinute = new("--calls-per-minute") { Description = "Rate limit; 0 for none. Default 660, safe for a plan of 750.", DefaultValueFactory = _ => 660 };
    private readonly Option<int> _attempts = new("--attempts") { Description = "How often a call is tried when the source stumbles, with growing pauses. Default 5.", DefaultValueFactory = _ => DefaultAttempts };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _symbols, _from, _to, _datasets, _baseAddress, _callsPerMinute, _attempts })
            command.Options.Add(option);
    }

    /// <summary>A client and the stage that uses it.</summary>
    /// <exception cref="UsageException">The key is not set, or an option makes no sense.</exception>
    public FmpIngestion Open(ParseResult parsed, Workspace workspace)
    {
        var key = WorkspaceChoice.Setting("FMP_API_KEY") ?? throw new UsageException("FMP_API_KEY is not set. Put your FMP key into that environment variable; Finks sends it in a header only.");
        var to = parsed.GetValue(_to) is { } last ? OptionText.Date(last, "--to") : LastFinalDate(workspace.Clock);
        var from = parsed.GetValue(_from) is { } first ? OptionText.Date(first, "--from") : to.AddYears(-5);
        var rate = parsed.GetValue(_callsPerMinute);
        return FmpIngestion.Create(workspace, new FmpIngestionOptions
        {
            BaseAddress = new Uri(parsed.GetValue(_baseAddress) ?? WorkspaceChoice.Setting("FMP_BASE_URL") ?? "https://financialmodelingprep.com/"),
            ApiKey = key,
            CallsPerMinute = rate > 0 ? rate : null,
            Attempts = parsed.GetValue(_attempts),
            Contracts = Datasets(parsed, workspace),
            Symbols = [.. (parsed.GetValue(_symbols) ?? []).SelectMany(Split).Distinct()],
            Wanted = OptionText.Range(from, to),
        });
    }

    private IReadOnlyList<Contract> Datasets(ParseResult parsed, Workspace workspace)
    {
        var names = (parsed.GetValue(_datasets) ?? []).SelectMany(Split).ToList();
        try
        {
            return names.Count == 0 ? workspace.Contracts.Contracts : [.. names.Select(workspace.Contracts.Get)];
        }
        catch (KeyNotFoundException unknown)
        {
            throw new UsageException(unknown.Message);
        }
    }

    private static string[] Split(string text) => text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static DateOnly LastFinalDate(TimeProvider clock)
    {
        var now = clock.GetUtcNow().ToInstant().InZone(DateTimeZoneProviders.Tzdb["America/New_York"]);
        var date = now.TimeOfDay >= PricesAreFinal ? now.Date : now.Date.PlusDays(-1);
        while (date.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday)
            date = date.PlusDays(-1);
        return new DateOnly(date.Year, date.Month, date.Day);
    }
}

/// <summary>What an ingestion needs to know.</summary>
internal sealed record FmpIngestionOptions
{
    public required Uri BaseAddress { get; init; }

    public required string ApiKey { get; init; }

    public required int? CallsPerMinute { get; init; }

    public required int Attempts { get; init; }

    public required IReadOnlyList<Contract> Contracts { get; init; }

    public required IReadOnlyList<string> Symbols { get; init; }

    public required DateRange Wanted { get; init; }
}

/// <summary>An FMP client with the stage that uses it; dispose it after the run.</summary>
internal sealed class FmpIngestion : IDisposable
{
    /// <summary>A body that is no JSON may have been cut on its way; after this many it is what the source sends.</summary>
    private const int GarbageAttempts = 3;

    private readonly HttpClient _http;

    private FmpIngestion(HttpClient http, IngestStage stage) => (_http, Stage) = (http, stage);

    public IngestStage Stage { get; }

    public static FmpIngestion Create(Workspace workspace, FmpIngestionOptions options)
    {
        var http = new HttpClient(FmpClient.CreateHandler());
        var client = new FmpClient(
            http,
            new FmpOptions
            {
                BaseAddress = options.BaseAddress,
                ApiKey = options.ApiKey,
                CallsPerMinute = options.CallsPerMinute,
                MaxAttempts = options.Attempts,
                MaxAttemptsForGarbage = Math.Min(options.Attempts, GarbageAttempts),
            },
            workspace.Clock,
            Composition.Random());
        var ingestor = new Ingestor(workspace.Lake, workspace.Bronze, workspace.Coverage, client);
        return new FmpIngestion(http, new IngestStage(ingestor, new IngestRequest { Contracts = options.Contracts, Symbols = options.Symbols, Wanted = options.Wanted }));
    }

    public void Dispose() => _http.Dispose();
}
