using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Finks.Simulator;

/// <summary>An HTTP server on 127.0.0.1 that answers like FMP, errors and oddities included. Dispose it to stop it.</summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    /// <summary>Slow replies that still wait when the server is disposed are dropped after this time.</summary>
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(1);

    private readonly WebApplication _web;
    private readonly ReplyWriter _writer;
    private readonly SimulatorOptions _options;
    private readonly FaultPlan _faults;
    private volatile IMarketSource _source;
    private long _requests;

    private SimulatorServer(WebApplication web, SimulatorOptions options, IMarketSource source, TimeProvider time)
    {
        _web = web;
        _options = options;
        _source = source;
        _faults = new FaultPlan(options.Faults);
        _writer = new ReplyWriter(time);
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:40123/</c>.</summary>
    public Uri BaseAddress { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Requests that came in so far, refused and damaged ones included.</summary>
    public long RequestCount => Interlocked.Read(ref _requests);

    /// <summary>Where the answers come from. Set it to let a day pass: replies that have begun are not touched.</summary>
    public IMarketSource Source
    {
        get => _source;
        set => _source = value;
    }

    /// <summary>Starts it; when this returns, it answers.</summary>
    /// <param name="time">The clock that slow replies wait on.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SimulatorServer> StartAsync(
        SimulatorOptions options, IMarketSource source, TimeProvider time, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestFarewell);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        var web = builder.Build();
        var server = new SimulatorServer(web, options, source, time);
        web.Run(server.AnswerAsync);
        try
        {
            await web.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await web.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var addresses = web.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        server.BaseAddress = new Uri(addresses.Addresses.Single());
        return server;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var parameters = context.Request.Query.SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v ?? ""))).ToList();
        var key = parameters.Find(p => p.Key == "apikey").Value ?? context.Request.Headers["apikey"].ToString();
        parameters.RemoveAll(p => p.Key == "apikey");
        var request = new ApiRequest(context.Request.Path.Value ?? "/", parameters);

        using var reply = Reply(request, key);
        await _writer.WriteAsync(context, reply, _faults.Next(request), key).ConfigureAwait(false);
    }

    private ApiReply Reply(ApiRequest request, string key)
    {
        if (key.Length == 0 || (_options.ApiKey is { } only && key != only))
            return ApiReply.Json(401, ErrorBodies.InvalidKey);
        if (request.Path.StartsWith("/api/v3/", StringComparison.Ordinal) || request.Path.StartsWith("/api/v4/", StringComparison.Ordinal))
            return ApiReply.Json(403, ErrorBodies.Legacy);
        return _source.Answer(request) ?? ApiReply.UnknownPath;
    }
}
