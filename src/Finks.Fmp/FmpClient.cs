using System.Net;
using Polly;

namespace Finks.Fmp;

/// <summary>
/// Asks FMP and returns what it answered, whatever that is. It waits for the rate limit, asks again when a failure is transient, and judges each
/// body. Safe for many callers at once; make one per key, since two of them double the rate.
/// </summary>
/// <remarks>
/// The key travels in a header and is in no request, reply, message or exception. A redirect is not followed, provided that the
/// <see cref="HttpClient"/> was made with <see cref="CreateHandler"/>; set its own Timeout to infinite, as <see cref="FmpOptions.AttemptTimeout"/> rules.
/// </remarks>
public sealed class FmpClient
{
    /// <summary>FMP words a used-up minute and a used-up plan alike; only the plan's refusal lasts longer than this.</summary>
    private static readonly TimeSpan ThrottlingMinute = TimeSpan.FromMinutes(1);

    private readonly HttpAttempt _attempt;
    private readonly ResiliencePipeline<FmpReply> _retries;
    private readonly RateGate? _gate;
    private readonly TimeProvider _time;

    /// <param name="http">Sends the requests; its handler should come from <see cref="CreateHandler"/>. The caller disposes it.</param>
    /// <param name="options">Checked at once.</param>
    /// <param name="time">The clock for delays, limits and <see cref="FmpReply.FetchedAt"/>.</param>
    /// <param name="random">Spreads the delays. The client locks it, so it must not be used elsewhere at the same time.</param>
    /// <exception cref="FmpOptionsException">The options are not valid.</exception>
    public FmpClient(HttpClient http, FmpOptions options, TimeProvider time, Random random)
    {
        options.Validate();
        _attempt = new HttpAttempt(http, options, time);
        _retries = new RetryRules(options, time, random).Pipeline();
        _gate = options.CallsPerMinute is { } rate ? new RateGate(rate, options.Burst, time) : null;
        _time = time;
    }

    /// <summary>
    /// A handler that follows no redirect, keeps no cookies and decompresses (gzip, deflate and brotli), because FMP meters bandwidth.
    /// Its ETag covers the decompressed body.
    /// </summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    /// <summary>Asks, again if need be, and returns the last answer; see <see cref="FmpReply.Outcome"/> for what it is.</summary>
    /// <exception cref="FmpTransportException">No attempt brought an answer.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<FmpReply> GetAsync(FmpRequest request, CancellationToken cancellationToken = default)
    {
        var attempts = 0;
        long? throttledSince = null;
        try
        {
            return await _retries.ExecuteAsync(AttemptAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (NoAnswerException failure)
        {
            throw new FmpTransportException(request, attempts, failure.Message, failure.InnerException);
        }

        async ValueTask<FmpReply> AttemptAsync(CancellationToken stop)
        {
            if (_gate is not null)
                await _gate.WaitAsync(stop).ConfigureAwait(false);
            var reply = await _attempt.SendAsync(request, ++attempts, stop).ConfigureAwait(false);
            if (reply.Outcome != ReplyOutcome.ThrottledMinute)
                throttledSince = null;
            else if (throttledSince is null)
                throttledSince = _time.GetTimestamp();
            else if (_time.GetElapsedTime(throttledSince.Value) > ThrottlingMinute)
                return reply with { Outcome = ReplyOutcome.ThrottledQuota };
            return reply;
        }
    }
}
