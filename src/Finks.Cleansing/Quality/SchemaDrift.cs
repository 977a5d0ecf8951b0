namespace Finks.Cleansing.Quality;

/// <summary>How a source's rows have left their contract.</summary>
public enum DriftKind
{
    /// <summary>A field that the contract does not know.</summary>
    New,

    /// <summary>A field that no row has although earlier runs had it.</summary>
    Missing,

    /// <summary>A missing field whose values stand in a new one, for the same keys.</summary>
    Renamed,

    /// <summary>A field most of whose values have a form that its column's type does not take.</summary>
    Retyped,
}

/// <summary>One field of one dataset that has left the contract.</summary>
/// <param name="Field">The name in the source's reply; for a missing one the name that the contract gives.</param>
/// <param name="Evidence">What was seen, for people.</param>
/// <param name="Rows">Rows of the run that show it.</param>
/// <param name="Place">The first of them; null when no row can show it.</param>
/// <param name="IsStrong">Whether enough rows say so that the contract's action follows; otherwise it is only reported.</param>
public sealed record SchemaDrift(string Dataset, string Field, DriftKind Kind, string Evidence, long Rows, BronzePlace? Place, bool IsStrong);
