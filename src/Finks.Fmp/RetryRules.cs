using Polly;
using Polly.Retry;

namespace Finks.Fmp;

/// <summary>Which answers are asked for again, how often, and after what wait.</summary>
internal sealed class RetryRules(FmpOptions options, TimeProvider time, Random random)
{
    private readonly Lock _drawing = new();

    public ResiliencePipeline<FmpReply> Pipeline()
    {
        var builder = new ResiliencePipelineBuilder<FmpReply> { TimeProvider = time };
        if (options.MaxAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<FmpReply>
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                Delay = TimeSpan.Zero,
                ShouldHandle = again => ValueTask.FromResult(IsWorthwhile(again.Outcome, attempts: again.AttemptNumber + 1)),
                DelayGenerator = again => ValueTask.FromResult<TimeSpan?>(Wait(again.Outcome, attempts: again.AttemptNumber + 1)),
            });
        }

        return builder.Build();
    }

    private bool IsWorthwhile(Outcome<FmpReply> outcome, int attempts)
    {
        if (outcome.Exception is not null)
            return outcome.Exception is NoAnswerException;
        var reply = outcome.Result!;
        return new ReplyVerdict(reply.Outcome, "").IsTransient
            && (reply.Outcome != ReplyOutcome.Garbage || attempts < options.MaxAttemptsForGarbage);
    }

    /// <summary>
    /// What the server asks for, or the first delay doubled for each attempt made. Jitter adds up to a half, so that many workers that failed
    /// together do not come back together; it is never taken off, because an early call is refused again.
    /// </summary>
    private TimeSpan Wait(Outcome<FmpReply> outcome, int attempts)
    {
        var asked = outcome.Result is { } reply ? RetryAfter.Parse(reply.Header("Retry-After"), time.GetUtcNow()) : null;
        var first = outcome.Result?.Outcome == ReplyOutcome.ThrottledMinute ? options.FirstDelayWhenThrottled : options.FirstDelay;
        var wait = asked ?? first * Math.Pow(2, attempts - 1) * (1 + (Draw() / 2));
        return wait < options.MaxDelay ? wait : options.MaxDelay;
    }

    private double Draw()
    {
        lock (_drawing) // Random is not safe for threads.
            return random.NextDouble();
    }
}
