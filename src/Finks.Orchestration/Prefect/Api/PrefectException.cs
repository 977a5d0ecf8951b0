namespace Finks.Orchestration.Prefect.Api;

/// <summary>A call of a Prefect server did not do what it was for.</summary>
public sealed class PrefectException : Exception
{
    private PrefectException(string message, int? status, Exception? cause)
        : base(message, cause) => Status = status;

    /// <summary>The HTTP status; null when no answer came.</summary>
    public int? Status { get; }

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient => Status is null || IsWorthAnotherTry(Status.Value);

    internal static bool IsWorthAnotherTry(int status) => status is 408 or 429 or 502 or 503;

    internal static PrefectException Refused(string call, int status, string text) =>
        new($"Prefect answered {status} to {call}: {Shorten(text)}. {Advice(status)}", status, null);

    internal static PrefectException NoAnswer(string call, int tries, string why, Exception cause) =>
        new($"No answer to {call} in {tries} tries: {why} Start the server, or point PREFECT_API_URL at one that runs.", null, cause);

    private static string Advice(int status) => status switch
    {
        401 => "Set PREFECT_API_AUTH_STRING to the server's PREFECT_SERVER_API_AUTH_STRING.",
        403 => "When it is about a CSRF token, set PREFECT_SERVER_CSRF_PROTECTION_ENABLED=false on the server: Finks is no browser.",
        404 => "It was deleted, or PREFECT_API_URL names another server; its path ends in /api.",
        >= 300 and < 400 => "A redirect is not followed: PREFECT_API_URL must be the API's own address, ending in /api.",
        409 or 422 => "The server does not take these values; Finks is tested with Prefect 3.8.",
        _ when IsWorthAnotherTry(status) => "The server is overloaded or restarting; run it again. When this is frequent, give it PostgreSQL.",
        _ => "The server's log says more.",
    };

    private static string Shorten(string text) => text.Length <= 2000 ? text : text[..2000] + "…";
}
