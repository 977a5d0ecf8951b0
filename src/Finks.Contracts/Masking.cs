namespace Finks.Contracts;

/// <summary>What becomes of a column's values on their way into Silver. Bronze keeps every byte.</summary>
public enum Masking
{
    /// <summary>Stored as they are.</summary>
    None,

    /// <summary>Replaced by a keyed hash: equal values stay equal inside one environment, and text takes the place of the column's type.</summary>
    Hash,

    /// <summary>Replaced by a fixed text, in columns of other types by null.</summary>
    Redact,
}
