namespace Finks.Cleansing.Privacy;

/// <summary>Personal data cannot be masked as its contract says: nothing was written. The message says what to set.</summary>
public sealed class MaskingException(string message) : Exception(message);
