using Finks.Contracts;
using Finks.Fmp;

namespace Finks.Ingestion;

/// <summary>Keeps personal data out of ledgers and messages: of a dataset that has any, an unexpected reply is not quoted. Bronze holds its bytes.</summary>
internal static class PersonalReply
{
    /// <summary>The reply, its message without an excerpt of a body that may hold rows.</summary>
    public static FmpReply WithoutExcerpt(Contract contract, FmpReply reply) => contract.IsPersonal && IsExcerpt(reply.Outcome)
        ? reply with { Message = $"status {reply.Status}; the text is not quoted, because the dataset holds personal data, and Bronze has it" }
        : reply;

    // What is said on the key and the plan is said of them, not of a person; the faults of a broken body are told in Finks's own words.
    private static bool IsExcerpt(ReplyOutcome outcome) =>
        outcome is ReplyOutcome.Html or ReplyOutcome.UpstreamText or ReplyOutcome.ServerError or ReplyOutcome.BadRequest or ReplyOutcome.UnknownPath;
}
