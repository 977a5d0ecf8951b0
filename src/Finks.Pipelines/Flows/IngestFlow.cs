using Finks.Contracts;
using Finks.Fmp;
using Finks.Ingestion;
using Finks.Ingestion.Planning;
using Finks.Orchestration;
using Finks.Pipelines.Stages;
using NodaTime;
using NodaTime.Extensions;

namespace Finks.Pipelines.Flows;

/// <summary>Source to Bronze.</summary>
public sealed class IngestFlow(FlowServices services) : Flow<IngestParameters>
{
    public const string FlowName = "ingest";

    /// <summary>A body that is no JSON may have been cut on its way; after this many it is what the source sends.</summary>
    private const int GarbageAttempts = 3;

    private static readonly LocalTime PricesAreFinal = new(18, 0);

    public override string Name => FlowName;

    public override string Description => "Ask FMP for what is missing and keep every reply in Bronze.";

    protected override async Task RunAsync(FlowContext flow, IngestParameters parameters)
    {
        // The days wanted are decided once, so that a run that goes on tomorrow does the same work.
        var window = await flow.RunAsync(new TaskSpec("plan"), _ => Task.FromResult(Window(parameters)));
        await IngestAsync(flow, services, parameters, window.Value, key: null, window);
    }

    /// <summary>Ingests one window as a task of <paramref name="flow"/>.</summary>
    internal static async Task IngestAsync(FlowContext flow, FlowServices services, IngestParameters parameters, DateRange window, string? key, params Guid[] inputs)
    {
        var apiKey = services.FmpApiKey
            ?? throw new FlowSettingException("FMP_API_KEY is not set. Put your FMP key into that environment variable; Finks sends it in a header only.");
        using var http = new HttpClient(FmpClient.CreateHandler());
        var client = new FmpClient(http, ClientOptions(services, parameters, apiKey), services.Workspace.Clock, services.Random);
        var ingestor = new Ingestor(services.Workspace.Lake, services.Workspace.Bronze, services.Workspace.Coverage, client);
        var request = new IngestRequest { Contracts = Contracts(services.Workspace, parameters), Symbols = parameters.Symbols, Wanted = window };
        await flow.RunStageAsync("ingest", () => new IngestStage(ingestor, request), services.Workspace.Clock, parameters.Retries, key, inputs);
    }

    private static FmpOptions ClientOptions(FlowServices services, IngestParameters parameters, string key) => new()
    {
        BaseAddress = parameters.BaseUrl is { } url ? new Uri(url) : services.FmpBaseAddress,
        ApiKey = key,
        CallsPerMinute = parameters.CallsPerMinute > 0 ? parameters.CallsPerMinute : null,
        MaxAttempts = parameters.Attempts,
        MaxAttemptsForGarbage = Math.Min(parameters.Attempts, GarbageAttempts),
    };

    private static IReadOnlyList<Contract> Contracts(Workspace workspace, IngestParameters parameters) =>
        parameters.Datasets.Count == 0 ? workspace.Contracts.Contracts : [.. parameters.Datasets.Select(workspace.Contracts.Get)];

    private DateRange Window(IngestParameters parameters)
    {
        var to = parameters.To ?? LastFinalDate(services.Workspace.Clock);
        return new DateRange(parameters.From ?? to.AddYears(-5), to);
    }

    private static DateOnly LastFinalDate(TimeProvider clock)
    {
        var now = clock.GetUtcNow().ToInstant().InZone(DateTimeZoneProviders.Tzdb["America/New_York"]);
        var date = now.TimeOfDay >= PricesAreFinal ? now.Date : now.Date.PlusDays(-1);
        while (date.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday)
            date = date.PlusDays(-1);
        return new DateOnly(date.Year, date.Month, date.Day);
    }
}
