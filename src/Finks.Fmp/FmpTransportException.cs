namespace Finks.Fmp;

/// <summary>No answer came from FMP in any attempt: no connection, or no byte of a reply within the time limit. Transient: the same request may work later.</summary>
public sealed class FmpTransportException(FmpRequest request, int attempts, string reason, Exception? inner)
    : IOException(
        $"No answer to {request} after {attempts} {(attempts == 1 ? "attempt" : "attempts")}: {reason} "
        + "Nothing was received, so nothing is lost. Check the network and the base address, then run the same request again.",
        inner)
{
    public FmpRequest Request { get; } = request;

    public int Attempts { get; } = attempts;

    /// <summary>What the last attempt met.</summary>
    public string Reason { get; } = reason;
}
