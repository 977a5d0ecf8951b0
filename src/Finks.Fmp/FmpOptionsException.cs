namespace Finks.Fmp;

/// <summary>Options that cannot work. Never repeats the key.</summary>
public sealed class FmpOptionsException(IReadOnlyList<string> faults)
    : ArgumentException($"The FMP options are not valid. {string.Join(' ', faults)} Correct them and start again.")
{
    /// <summary>One sentence for each fault.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
