namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>What has to be done for a server to have what a file wants, in an order that works: what is referred to comes before what
/// refers to it.</summary>
public sealed class PrefectPlan
{
    private PrefectPlan(IReadOnlyList<PrefectAction> actions, ServerState state) => (Actions, State) = (actions, state);

    /// <summary>Everything that is wanted or that Finks has made, also what stays as it is.</summary>
    public IReadOnlyList<PrefectAction> Actions { get; }

    /// <summary>Whether the server is as the file wants it.</summary>
    public bool IsEmpty => !Actions.Any(a => a.Writes);

    internal ServerState State { get; }

    /// <exception cref="PrefectDeployException">Something on the server stands in the way.</exception>
    internal static PrefectPlan Between(IReadOnlyList<WantedObject> wanted, ServerState state, Marks marks)
    {
        var known = state.Identifiers();
        var obstacles = wanted.Select(w => Obstacle(w, state, marks)).Concat(OpenSecrets(wanted, state)).Concat(Dangling(wanted, known))
            .OfType<string>().Distinct().ToList();
        if (obstacles.Count > 0)
            throw new PrefectDeployException("Nothing was changed, because the server and the file do not go together:\n"
                + string.Join('\n', obstacles.Select(o => "  " + o)));
        var upward = wanted.Select(w => Compare(w, state.Find(w.Kind, w.Name), known));
        var downward = Unwanted(wanted, state).ToList();
        return new PrefectPlan(
            [
                // The variable that lists limits forgets a name only after its limit has gone.
                .. downward.Where(a => a.Kind == ObjectKind.Limit),
                .. upward,
                .. downward.Where(a => a.Kind != ObjectKind.Limit).OrderByDescending(a => a.Kind),
            ],
            state);
    }

    private static PrefectAction Compare(WantedObject wanted, FoundObject? found, Dictionary<string, Guid> known)
    {
        if (found is null)
            return new PrefectAction(ActionKind.Create, wanted.Kind, wanted.Name, [], null) { Wanted = wanted };
        var body = ServerReference.Resolve(wanted.Body, known)!.AsObject();
        foreach (var name in wanted.OnlyAtFirst)
            body.Remove(name);
        var changes = JsonDifference.Between(body, found.Body);
        if (wanted.Kind == ObjectKind.Block)
            changes = [.. changes.Select(c => c.Hidden())];
        return new PrefectAction(changes.Count == 0 ? ActionKind.Unchanged : ActionKind.Change, wanted.Kind, wanted.Name, changes, null)
        {
            Wanted = wanted,
            Found = found,
        };
    }

    private static IEnumerable<PrefectAction> Unwanted(IReadOnlyList<WantedObject> wanted, ServerState state)
    {
        var names = wanted.Select(w => (w.Kind, w.Name)).ToHashSet();
        foreach (var found in state.Objects.Where(o => o.IsOurs && !names.Contains((o.Kind, o.Name)) && !GoesWithItsOwner(o)))
        {
            yield return found.KeptBecause is { } reason
                ? new PrefectAction(ActionKind.Keep, found.Kind, found.Name, [], reason)
                : new PrefectAction(ActionKind.Delete, found.Kind, found.Name, [], null) { Found = found };
        }

        bool GoesWithItsOwner(FoundObject o) =>
            (o.Kind == ObjectKind.Schedule && !names.Contains((ObjectKind.Deployment, o.Name[..o.Name.LastIndexOf('#')])))
            || (o.Kind == ObjectKind.Queue && PoolGoes(o.Name.Split('/')[0]));

        bool PoolGoes(string pool) => !names.Contains((ObjectKind.Pool, pool)) && state.Find(ObjectKind.Pool, pool)?.KeptBecause is null;
    }

    /// <summary>Why an object cannot become what is wanted; null when it can.</summary>
    private static string? Obstacle(WantedObject wanted, ServerState state, Marks marks)
    {
        if (state.Find(wanted.Kind, wanted.Name) is not { } found)
            return null;
        // Flows are found by name: whose they are does not matter, as nothing of them is changed.
        if (!found.IsOurs && wanted.Kind != ObjectKind.Flow)
            return $"{wanted.Kind} {wanted.Name} is there already and is not marked {marks.Own}: somebody else made it. Choose another "
                + $"name, or delete it on the server.";
        if (wanted.Kind == ObjectKind.Pool && (string?)found.Body["type"] is var type && type != (string?)wanted.Body["type"])
            return $"Pool {wanted.Name} is of type {type}, and the type of a pool cannot be changed. Choose another name, or remove the "
                + $"pool and its deployments, apply, and add them again.";
        return null;
    }

    /// <summary>Secrets that stand in the file, of types that only the server knows.</summary>
    private static IEnumerable<string> OpenSecrets(IEnumerable<WantedObject> wanted, ServerState state)
    {
        foreach (var block in wanted.Where(w => w.Kind == ObjectKind.Block))
        {
            var secrets = state.Schemas.GetValueOrDefault(block.Name.Split('/')[0])?["fields"]?["secret_fields"]?.AsArray() ?? [];
            foreach (var field in secrets.Select(s => s!.GetValue<string>()).Where(s => block.Body["data"]![s] is not null
                && !block.FromEnvironment.Contains(s)))
                yield return $"Block {block.Name}: '{field}' is secret and stands in the file. Write {{env: NAME}}, and set that "
                    + $"environment variable.";
        }
    }

    /// <summary>References to objects that are neither on the server nor wanted.</summary>
    private static IEnumerable<string> Dangling(IReadOnlyList<WantedObject> wanted, Dictionary<string, Guid> known)
    {
        var there = wanted.SelectMany(w => new[] { ServerReference.To(w.Kind, w.Name), ServerReference.ToSchema(w.Name) }).Concat(
            known.Keys).ToHashSet();
        return wanted.SelectMany(w => ServerReference.In(w.Body).Where(r => !there.Contains(r))
            .Select(r => $"{w.Kind} {w.Name} refers to {ServerReference.Words(r)}, which is neither in the file nor on the server. Add "
                + $"it, or mend the name."));
    }
}
