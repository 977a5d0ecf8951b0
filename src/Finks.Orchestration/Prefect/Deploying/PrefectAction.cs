namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>What becomes of an object of a server.</summary>
public enum ActionKind
{
    Create,
    Change,
    Delete,

    /// <summary>It is as the file wants it.</summary>
    Unchanged,

    /// <summary>Nobody wants it, but others need it.</summary>
    Keep,
}

/// <summary>One step of a plan.</summary>
/// <param name="Changes">For <see cref="ActionKind.Change"/>; values of blocks are not among them.</param>
/// <param name="Note">For <see cref="ActionKind.Keep"/>: why.</param>
public sealed record PrefectAction(ActionKind Action, ObjectKind Kind, string Name, IReadOnlyList<FieldChange> Changes, string? Note)
{
    internal WantedObject? Wanted { get; init; }

    internal FoundObject? Found { get; init; }

    /// <summary>Whether it writes.</summary>
    public bool Writes => Action is ActionKind.Create or ActionKind.Change or ActionKind.Delete;

    /// <summary>One line: <c>change deployment daily/dev: parameters.attempts: 5 → 3</c>.</summary>
    public override string ToString() =>
        $"{Action.ToString().ToLowerInvariant()} {Words(Kind)} {Name}" + Action switch
        {
            ActionKind.Change => $": {string.Join("; ", Changes)}",
            ActionKind.Keep => $": {Note}",
            _ => "",
        };

    private static string Words(ObjectKind kind) => kind == ObjectKind.BlockType ? "block type" : kind.ToString().ToLowerInvariant();
}
