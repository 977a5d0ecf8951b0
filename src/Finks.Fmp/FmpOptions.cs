namespace Finks.Fmp;

/// <summary>How to reach FMP and how fast. Every value has a default but the key; <see cref="Validate"/> reports all faults at once.</summary>
public sealed record FmpOptions
{
    /// <summary>A real FMP key has 32 characters. A shorter one than this could not be told from ordinary text when replies are redacted.</summary>
    public const int ShortestKey = 8;

    /// <summary>Scheme and host every request goes to. Default <c>https://financialmodelingprep.com/</c>; a simulator has an <c>http</c> address.</summary>
    public Uri BaseAddress { get; init; } = new("https://financialmodelingprep.com/");

    /// <summary>The API key: 8 or more printable ASCII characters without spaces. Sent in the <c>apikey</c> header and nowhere else.</summary>
    public required string ApiKey { get; init; }

    /// <summary>
    /// Calls started per minute, 1 to 100,000; default 660, which is 88% of the Premium plan's 750 because the rate that arrives runs above
    /// the rate that is sent. Null means no limit.
    /// </summary>
    public int? CallsPerMinute { get; init; } = 660;

    /// <summary>Calls that may start together after a pause, 1 to 10,000; default 10. Ignored when <see cref="CallsPerMinute"/> is null.</summary>
    public int Burst { get; init; } = 10;

    /// <summary>How long one attempt may take, 1 ms to 1 hour; default 30 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts for one request when failures are transient, 1 to 20; default 5. 1 means no retry.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Attempts for one request whose body cannot be parsed, 1 to <see cref="MaxAttempts"/>; default 3. The last body is returned.</summary>
    public int MaxAttemptsForGarbage { get; init; } = 3;

    /// <summary>The wait before the second attempt, doubled for each further one and spread by jitter, 0 to 1 minute; default 1 s.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The wait before the second attempt of a throttled call, 0 to 1 minute; default 8 s: with the default attempts the last one starts more
    /// than a minute after the first, which tells a used-up minute from a used-up quota.
    /// </summary>
    public TimeSpan FirstDelayWhenThrottled { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The longest wait between attempts, also when <c>Retry-After</c> asks for more, 0 to 1 hour; default 2 minutes.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(2);

    /// <exception cref="FmpOptionsException">One or more values are out of range; the message lists every one.</exception>
    public void Validate()
    {
        var faults = Faults().ToList();
        if (faults.Count > 0)
            throw new FmpOptionsException(faults);
    }

    /// <summary>The options without the key, so that logs may show them.</summary>
    public override string ToString() => $"FMP at {BaseAddress}, {CallsPerMinute?.ToString() ?? "unlimited"} calls per minute, {MaxAttempts} attempts of {AttemptTimeout}";

    private IEnumerable<string> Faults()
    {
        if (BaseAddress is not { IsAbsoluteUri: true } || (BaseAddress.Scheme != Uri.UriSchemeHttp && BaseAddress.Scheme != Uri.UriSchemeHttps))
            yield return "BaseAddress must be an absolute http or https address.";
        else if (BaseAddress.Query.Length > 0 || BaseAddress.UserInfo.Length > 0)
            yield return "BaseAddress must not carry a query or a user: the key belongs in ApiKey.";
        else if (BaseAddress.AbsolutePath != "/")
            yield return $"BaseAddress must end after the host, not with {BaseAddress.AbsolutePath}: requests carry the whole path.";
        if (ApiKey is null || ApiKey.Length < ShortestKey)
            yield return $"ApiKey must have at least {ShortestKey} characters.";
        else if (ApiKey.Any(c => c is <= ' ' or > '~'))
            yield return "ApiKey may hold printable ASCII characters only, and no spaces.";
        if (CallsPerMinute is < 1 or > 100_000)
            yield return $"CallsPerMinute must be 1 to 100,000 or null, not {CallsPerMinute}.";
        if (Burst is < 1 or > 10_000)
            yield return $"Burst must be 1 to 10,000, not {Burst}.";
        if (AttemptTimeout < TimeSpan.FromMilliseconds(1) || AttemptTimeout > TimeSpan.FromHours(1))
            yield return $"AttemptTimeout must be 1 ms to 1 hour, not {AttemptTimeout}.";
        if (MaxAttempts is < 1 or > 20)
            yield return $"MaxAttempts must be 1 to 20, not {MaxAttempts}.";
        if (MaxAttemptsForGarbage < 1 || MaxAttemptsForGarbage > MaxAttempts)
            yield return $"MaxAttemptsForGarbage must be 1 to MaxAttempts ({MaxAttempts}), not {MaxAttemptsForGarbage}.";
        if (FirstDelay < TimeSpan.Zero || FirstDelay > TimeSpan.FromMinutes(1))
            yield return $"FirstDelay must be 0 to 1 minute, not {FirstDelay}.";
        if (FirstDelayWhenThrottled < TimeSpan.Zero || FirstDelayWhenThrottled > TimeSpan.FromMinutes(1))
            yield return $"FirstDelayWhenThrottled must be 0 to 1 minute, not {FirstDelayWhenThrottled}.";
        if (MaxDelay < TimeSpan.Zero || MaxDelay > TimeSpan.FromHours(1))
            yield return $"MaxDelay must be 0 to 1 hour, not {MaxDelay}.";
    }
}
