using Finks.Fmp;

namespace Finks.Ingestion;

/// <summary>Answers after which every further call would be refused as well.</summary>
internal static class Refusal
{
    /// <summary>Why the run must stop, with what to do; null when it may go on.</summary>
    public static string? EndsTheRun(FmpReply reply) => reply.Outcome switch
    {
        ReplyOutcome.Unauthorized => $"FMP refused the key: {reply.Message}. Set FMP_API_KEY to a valid key and run the command again.",
        ReplyOutcome.Forbidden => $"FMP forbade the call: {reply.Message}. Check the key's plan on FMP's dashboard; do not retry before that.",
        ReplyOutcome.ThrottledQuota => $"The plan's call quota is used up: {reply.Message}. Run the command again when it renews; what was fetched is kept.",
        ReplyOutcome.ThrottledBandwidth => $"The plan's 30-day bandwidth is used up: {reply.Message}. Run the command again when it renews; what was fetched is kept.",
        _ => null,
    };
}
