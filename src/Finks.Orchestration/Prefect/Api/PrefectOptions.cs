namespace Finks.Orchestration.Prefect.Api;

/// <summary>How to reach a Prefect server, and how patiently.</summary>
public sealed record PrefectOptions
{
    /// <summary>The API's address, e.g. <c>http://host:4200/api</c>; what Prefect calls <c>PREFECT_API_URL</c>.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary><c>user:password</c> as in the server's <c>PREFECT_SERVER_API_AUTH_STRING</c>; null for a server that asks for
    /// none.</summary>
    public string? AuthString { get; init; }

    /// <summary>The clock for pauses and time limits.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Spreads the pauses. The client locks it, so it must not be used elsewhere at the same time.</summary>
    public required Random Random { get; init; }

    /// <summary>How often a call is made before its failure is told. Five, as Prefect's own client; the pauses between them sum up to some
    /// 15 s.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>The pause after the first try, doubled for each further one, where the server names none.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The same after status 503: on SQLite the server gives it at once and means "locked for a moment".</summary>
    public TimeSpan FirstPauseWhenBusy { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No pause is longer, whatever the server asks for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The time limit of one try. Longer than the 60 s for which a server on SQLite can stand still.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Rows of one page of a list, at most the server's 200.</summary>
    public int PageSize { get; init; } = 200;
}
