using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Finks.Orchestration.Prefect.Api;

/// <summary>A log line. The server drops NUL characters.</summary>
/// <param name="Level">10, 20, 30, 40 or 50, as Python's.</param>
public sealed record LogCreate(string Name, int Level, string Message, DateTimeOffset Timestamp, Guid FlowRunId, Guid? TaskRunId);

/// <summary>An artifact to be made.</summary>
/// <param name="Key">Small letters, digits and dashes.</param>
/// <param name="Type"><c>markdown</c>, <c>progress</c>, <c>table</c> or <c>image</c>.</param>
/// <param name="Data">Text, or a number from 0 to 100 for progress.</param>
public sealed record ArtifactCreate(string Key, string Type, JsonValue Data, string? Description, Guid FlowRunId, Guid? TaskRunId);

/// <summary>New content of an artifact; what is null stays.</summary>
public sealed record ArtifactUpdate(JsonValue Data, string? Description);

/// <summary>An artifact as far as Finks reads it.</summary>
public sealed record ArtifactBody(Guid Id);

/// <summary>Something that happened to a resource.</summary>
/// <param name="Event">Its kind, e.g. <c>prefect.flow-run.heartbeat</c>.</param>
/// <param name="Resource">Labels, <c>prefect.resource.id</c> among them.</param>
/// <param name="Related">Labels of each related resource, its role among them.</param>
public sealed record EventCreate(
    Guid Id, DateTimeOffset Occurred, string Event, IReadOnlyDictionary<string, string> Resource,
    IReadOnlyList<IReadOnlyDictionary<string, string>> Related, JsonObject Payload);

/// <summary>The body of an event search; the latest come first.</summary>
public sealed record EventSearch(EventFilter Filter, int Limit);

/// <summary>Events of these kinds about these resources.</summary>
public sealed record EventFilter(EventNames Event, EventResources Resource);

public sealed record EventNames(IReadOnlyList<string> Name);

public sealed record EventResources(IReadOnlyList<string> Id);

/// <summary>Events found.</summary>
public sealed record EventPage(IReadOnlyList<EventBody> Events);

/// <summary>An event as far as Finks reads it.</summary>
public sealed record EventBody(DateTimeOffset Occurred);

/// <summary>One of several values.</summary>
public sealed record AnyOf<T>([property: JsonPropertyName("any_")] IReadOnlyList<T> Values);
