namespace Finks.Pipelines.Reading;

/// <summary>A name that stands for nothing; the message lists what there is.</summary>
public sealed class UnknownNameException(string kind, string name, IReadOnlyList<string> known, string? advice = null)
    : Exception($"There is no {kind} '{name}'. {advice ?? "There is: " + string.Join(", ", known.Order(StringComparer.Ordinal)) + "."}");
