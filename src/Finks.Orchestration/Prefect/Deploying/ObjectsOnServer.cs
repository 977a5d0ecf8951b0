using System.Text.Json.Nodes;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>An object as the file wants it.</summary>
/// <param name="Name">As people write it, and unique among its kind: <c>daily/dev</c>.</param>
/// <param name="Body">What it is created with; what differs from the server's is changed.</param>
internal sealed record WantedObject(ObjectKind Kind, string Name, JsonObject Body)
{
    /// <summary>Fields that only count when the object is made.</summary>
    public IReadOnlySet<string> OnlyAtFirst { get; init; } = new HashSet<string>();

    /// <summary>Fields of a block whose values come from environment variables.</summary>
    public IReadOnlySet<string> FromEnvironment { get; init; } = new HashSet<string>();
}

/// <summary>An object as the server has it.</summary>
/// <param name="Path">Where it is read, changed and deleted.</param>
/// <param name="IsOurs">Whether Finks made it for this environment.</param>
/// <param name="Body">In the form of <see cref="WantedObject.Body"/>, perhaps with more fields.</param>
internal sealed record FoundObject(ObjectKind Kind, string Name, Guid Id, string Path, bool IsOurs, JsonObject Body)
{
    /// <summary>Why it cannot be deleted although nobody wants it; null when it can.</summary>
    public string? KeptBecause { get; init; }
}

/// <summary>All that a server has of the kinds that Finks makes.</summary>
/// <param name="Schemas">By slug, the schemas that wanted blocks are to have; absent while a type has none with the wanted fields.</param>
internal sealed record ServerState(IReadOnlyList<FoundObject> Objects, IReadOnlyDictionary<string, JsonNode> Schemas)
{
    public FoundObject? Find(ObjectKind kind, string name) => Objects.FirstOrDefault(o => o.Kind == kind && o.Name == name);

    /// <summary>Identifiers by the references that stand for them.</summary>
    public Dictionary<string, Guid> Identifiers()
    {
        var known = new Dictionary<string, Guid>();
        foreach (var found in Objects)
            known[ServerReference.To(found.Kind, found.Name)] = found.Id;
        foreach (var (slug, schema) in Schemas)
            known[ServerReference.ToSchema(slug)] = schema["id"]!.GetValue<Guid>();
        return known;
    }
}
