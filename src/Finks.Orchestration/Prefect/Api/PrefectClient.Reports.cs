namespace Finks.Orchestration.Prefect.Api;

/// <summary>What runs leave for people: log lines, artifacts, events.</summary>
public sealed partial class PrefectClient
{
    /// <summary>Keeps log lines, all or none.</summary>
    public Task WriteLogsAsync(IReadOnlyList<LogCreate> lines, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, "/logs/", lines.ToArray(), cancellation);

    /// <returns>The artifact's id.</returns>
    public async Task<Guid> CreateArtifactAsync(ArtifactCreate artifact, CancellationToken cancellation) =>
        (await SendAsync<ArtifactBody>(HttpMethod.Post, "/artifacts/", artifact, cancellation)).Id;

    public Task UpdateArtifactAsync(Guid id, ArtifactUpdate changes, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Patch, $"/artifacts/{id}", changes, cancellation);

    public Task WriteEventsAsync(IReadOnlyList<EventCreate> events, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, "/events", events.ToArray(), cancellation);

    /// <summary>When an event of this kind last happened to a resource; null when none is kept (the server keeps a week).</summary>
    public async Task<DateTimeOffset?> LastEventAsync(string kind, string resource, CancellationToken cancellation)
    {
        var search = new EventSearch(new EventFilter(new EventNames([kind]), new EventResources([resource])), 1);
        var page = await SendAsync<EventPage>(HttpMethod.Post, "/events/filter", search, cancellation);
        return page.Events.Count == 0 ? null : page.Events[0].Occurred;
    }
}
