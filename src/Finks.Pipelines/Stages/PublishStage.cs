using Finks.Pipelines.Publishing;

namespace Finks.Pipelines.Stages;

/// <summary>Gold to the manifests that engines read which list folders.</summary>
public sealed class PublishStage(Workspace workspace) : IStage
{
    public string Name => "publish";

    public Task<StageOutcome> RunAsync(string runId, IProgress<StageProgress> progress, CancellationToken cancellation) =>
        Task.Run(() => Describe(new ManifestPublisher(workspace).Publish()), cancellation);

    private static StageOutcome Describe(IReadOnlyList<PublishedTable> tables) => new(
        tables.Count == 0 ? StageState.NothingNew : StageState.Done,
        tables.Count == 0 ? "the manifests show the newest Gold already" : $"{tables.Sum(t => t.Written.Count):N0} manifests of {tables.Count(t => t.Refusal is null):N0} Gold tables",
        [.. tables.Select(t => t.Refusal).OfType<string>().Select(r => $"not published: {r}")]);
}
