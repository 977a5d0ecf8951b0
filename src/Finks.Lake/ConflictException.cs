namespace Finks.Lake;

/// <summary>
/// Another process has committed what this one's work was based on; nothing was committed. Transient: the work may be done again on the new state.
/// </summary>
public sealed class ConflictException(string message) : Exception(message)
{
    /// <summary>How often a stage does its work anew before it gives up.</summary>
    private const int MaxAttempts = 10;

    /// <summary>Does the work again on the new state as long as others come first.</summary>
    /// <exception cref="ConflictException">Others came first every time.</exception>
    public static T Retry<T>(Func<T> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return work();
            }
            catch (ConflictException) when (attempt < MaxAttempts)
            {
                // What was written for the lost commit is named by no snapshot; the sweep finds it.
            }
        }
    }
}
