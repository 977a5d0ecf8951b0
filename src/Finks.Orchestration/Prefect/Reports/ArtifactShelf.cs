using System.Text.Json.Nodes;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Runs;

namespace Finks.Orchestration.Prefect.Reports;

/// <summary>
/// Artifacts on their way to the server. Of those with one key and run only the latest is sent, so that a progress that moves a thousand
/// times a second costs one call.
/// </summary>
internal sealed class ArtifactShelf(PrefectClient client)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<Place, ArtifactCreate> _waiting = [];

    /// <summary>What this process has made, to be changed rather than made again. Only the sender touches it.</summary>
    private readonly Dictionary<Place, Guid> _made = [];

    public int Waiting
    {
        get
        {
            lock (_changing)
                return _waiting.Count;
        }
    }

    public void Put(Guid flowRun, Guid? taskRun, Artifact artifact)
    {
        var (type, data) = artifact switch
        {
            Artifact.Progress progress => ("progress", JsonValue.Create(Math.Clamp(progress.Fraction, 0, 1) * 100)),
            Artifact.Markdown report => ("markdown", JsonValue.Create(report.Text)),
            // The server's pages show a link as the Markdown that it is.
            Artifact.Link link => ("markdown", JsonValue.Create($"[{link.Text}]({link.Target.AbsoluteUri})")),
            _ => throw new ArgumentException($"No way to send {artifact.GetType().Name} to Prefect is known.", nameof(artifact)),
        };
        lock (_changing)
        {
            _waiting[new Place(flowRun, taskRun, artifact.Key, type)] =
                new ArtifactCreate(artifact.Key, type, data, artifact.Description, flowRun, taskRun);
        }
    }

    /// <param name="refused">Told what the server will never take.</param>
    public async Task SendAsync(Action<string, PrefectException> refused, CancellationToken cancellation)
    {
        List<KeyValuePair<Place, ArtifactCreate>> now;
        lock (_changing)
            now = [.. _waiting];
        foreach (var (place, artifact) in now)
        {
            try
            {
                if (_made.TryGetValue(place, out var id))
                    await client.UpdateArtifactAsync(id, new ArtifactUpdate(artifact.Data, artifact.Description), cancellation);
                else
                    _made[place] = await client.CreateArtifactAsync(artifact, cancellation);
            }
            catch (PrefectException failed) when (!failed.IsTransient)
            {
                _made.Remove(place);
                refused($"the artifact {artifact.Key}", failed);
            }

            lock (_changing)
            {
                // A newer one may have come meanwhile.
                if (ReferenceEquals(_waiting[place], artifact))
                    _waiting.Remove(place);
            }
        }
    }

    private readonly record struct Place(Guid FlowRun, Guid? TaskRun, string Key, string Type);
}
