namespace Finks.Fmp;

/// <summary>What a reply is, judged by its body first and its status second.</summary>
public enum ReplyOutcome
{
    /// <summary>Data: a JSON list with rows, a JSON document, or CSV with a header line.</summary>
    Rows,

    /// <summary>An empty JSON list: unknown symbol, nothing in the window, or a backwards window. Not an error.</summary>
    Empty,

    /// <summary>The plan does not include this endpoint.</summary>
    NotEntitledEndpoint,

    /// <summary>The plan does not include this symbol or parameter value; the endpoint itself works.</summary>
    NotEntitledSymbol,

    /// <summary>Too many calls in the last minute. Transient.</summary>
    ThrottledMinute,

    /// <summary>The plan's calls are used up: the refusal says so, or lasted for more than a minute.</summary>
    ThrottledQuota,

    /// <summary>The bandwidth of the trailing 30 days is used up.</summary>
    ThrottledBandwidth,

    /// <summary>A parameter is missing or has a value FMP refuses, or the reply was a redirect, which is not followed.</summary>
    BadRequest,

    /// <summary>FMP does not know the key.</summary>
    Unauthorized,

    /// <summary>FMP knows the key and refuses it here, such as on the withdrawn v3 and v4 paths.</summary>
    Forbidden,

    /// <summary>No such path. FMP says so with status 404 and an empty list.</summary>
    UnknownPath,

    /// <summary>An error in words, where data was due.</summary>
    UpstreamText,

    /// <summary>A web page, usually of a firewall or proxy.</summary>
    Html,

    /// <summary>Starts like JSON and is not, or ended early, or is no text at all. Transient.</summary>
    Garbage,

    /// <summary>FMP failed (5xx) or gave up waiting (408). Transient.</summary>
    ServerError,
}
