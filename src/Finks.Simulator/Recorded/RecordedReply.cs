using System.Text.Json.Serialization;

namespace Finks.Simulator;

/// <summary>One entry of a recording's index.json.</summary>
internal sealed record RecordedReply
{
    [JsonPropertyName("file")]
    public required string File { get; init; }

    [JsonPropertyName("bytes")]
    public long Bytes { get; init; }

    /// <summary>Path and query without the key.</summary>
    [JsonPropertyName("request")]
    public string? Request { get; init; }

    /// <summary>Null for an example from documentation.</summary>
    [JsonPropertyName("status")]
    public int? Status { get; init; }

    /// <summary>The type, at times with a remark in brackets behind it.</summary>
    [JsonPropertyName("content_type")]
    public string? ContentType { get; init; }

    [JsonPropertyName("provenance")]
    public string Provenance { get; init; } = "";

    public bool IsRecorded => Provenance.StartsWith("recorded", StringComparison.Ordinal);

    /// <summary>Recorded in full before excerpts before examples of the documentation; bodies quoted by others are never served.</summary>
    public int Rank => Provenance switch { "recorded" => 0, _ when IsRecorded => 1, "official-doc-example" => 2, _ => int.MaxValue };
}

/// <summary>A recording's index.json.</summary>
internal sealed record RecordedIndex
{
    [JsonPropertyName("files")]
    public required IReadOnlyList<RecordedReply> Files { get; init; }
}
