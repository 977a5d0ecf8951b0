using Finks.Simulator;

namespace Finks.Fmp.Tests;

/// <summary>A client and a real server on loopback that does what the fault rules say.</summary>
public sealed class Stage : IAsyncDisposable
{
    public const string Key = "k3y-0123456789-ABCDEFGHIJKLMNOPQ";
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromMinutes(30);
    private static readonly SyntheticMarket Market = new(new DateOnly(2025, 3, 14), symbols: 3, years: 1);

    private readonly HttpClient _http;

    private Stage(SimulatorServer server, HttpClient http, FmpClient client, SteppingClock clock) =>
        (Server, _http, Client, Clock) = (server, http, client, clock);

    public static FmpRequest Profile { get; } = new("/stable/profile", KeyValuePair.Create("symbol", "FKA01"));

    public SimulatorServer Server { get; }

    public FmpClient Client { get; }

    public SteppingClock Clock { get; }

    public static async Task<Stage> SetAsync(Func<FmpOptions, FmpOptions> change, params FaultRule[] faults)
    {
        var server = await SimulatorServer.StartAsync(new SimulatorOptions { Faults = faults }, Market, new StoppedClock());
        var clock = new SteppingClock(AttemptTimeout);
        var http = new HttpClient(FmpClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        var options = change(new FmpOptions { ApiKey = Key, BaseAddress = server.BaseAddress, AttemptTimeout = AttemptTimeout, CallsPerMinute = null });
        return new Stage(server, http, new FmpClient(http, options, clock, new Random(7)), clock);
    }

    public static Task<Stage> SetAsync(params FaultRule[] faults) => SetAsync(options => options, faults);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}
