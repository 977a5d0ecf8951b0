namespace Finks.Fmp;

/// <summary>What a reply is, with the server's error text or the reason; the message is empty for data.</summary>
public readonly record struct ReplyVerdict(ReplyOutcome Outcome, string Message)
{
    /// <summary>True where the same request may well succeed a little later.</summary>
    public bool IsTransient => Outcome is ReplyOutcome.ThrottledMinute or ReplyOutcome.Garbage or ReplyOutcome.ServerError;
}
