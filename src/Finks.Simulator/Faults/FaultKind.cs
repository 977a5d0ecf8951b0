namespace Finks.Simulator;

/// <summary>What can go wrong with a reply.</summary>
public enum FaultKind
{
    /// <summary>The body starts like JSON and goes on as nonsense.</summary>
    Garbage,

    /// <summary>The first half of the body, with a length that fits it.</summary>
    Truncated,

    /// <summary>A firewall's web page, status 403, that echoes the address and the key of the request.</summary>
    HtmlPage,

    /// <summary>An error object with status 200.</summary>
    ErrorObject,

    /// <summary>429 and, if the rule has one, a Retry-After header.</summary>
    Throttled,

    /// <summary>500 with an error text.</summary>
    ServerError,

    /// <summary>The right reply, after the rule's delay.</summary>
    Slow,

    /// <summary>One row twice.</summary>
    DuplicateRow,

    /// <summary>One row without the rule's field.</summary>
    MissingField,

    /// <summary>A text as the value of the rule's field in one row.</summary>
    TextForNumber,

    /// <summary>The connection is reset instead of a reply.</summary>
    ConnectionReset,

    /// <summary>The connection is reset after half of the body.</summary>
    ConnectionCut,
}
