namespace Finks.Cleansing;

/// <summary>Cleansing stopped before anything was committed: the last snapshot stays, Bronze keeps the replies.</summary>
public sealed class CleanseException(string message) : Exception(message);
