using Finks.Orchestration.Prefect.Api;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>
/// Brings a Prefect server to what the file of an environment wants, and takes it away again. It touches only what it has made for this
/// environment itself. Done twice, the second time writes nothing; ended in between, the next time goes on.
/// </summary>
/// <param name="time">Says from when on the times of exchanges are listed.</param>
public sealed class PrefectDeployer(PrefectClient client, TimeProvider time)
{
    /// <summary>Setting the priority of one queue moves others, which the next pass mends. More are a defect.</summary>
    private const int Passes = 3;

    /// <summary>What is to be done. Nothing is written.</summary>
    /// <exception cref="PrefectDeployException">Something on the server stands in the way.</exception>
    /// <exception cref="PrefectException">The server refused, or is not there.</exception>
    public Task<PrefectPlan> PlanAsync(PrefectEnvironment environment, IReadOnlyList<Flow> flows, CancellationToken cancellation) =>
        PlanAsync(environment.Name, new WantedObjects(environment, flows, time.GetUtcNow()).All(), cancellation);

    /// <summary>What is to be done for nothing of an environment to be left. Nothing is written.</summary>
    /// <inheritdoc cref="PlanAsync(PrefectEnvironment, IReadOnlyList{Flow}, CancellationToken)"/>
    public Task<PrefectPlan> PlanDestroyAsync(string environment, CancellationToken cancellation) => PlanAsync(environment, [],
        cancellation);

    /// <summary>Does what is to be done, until nothing is.</summary>
    /// <param name="report">Told each step once it is done.</param>
    /// <returns>The plan of the first pass.</returns>
    /// <exception cref="PrefectDeployException">Something stands in the way, or a step failed; what is done stays.</exception>
    /// <exception cref="PrefectException">The server refused to be read, or is not there.</exception>
    public Task<PrefectPlan> ApplyAsync(
        PrefectEnvironment environment, IReadOnlyList<Flow> flows, Action<PrefectAction> report, CancellationToken cancellation) =>
        ApplyAsync(() => PlanAsync(environment, flows, cancellation), report, cancellation);

    /// <summary>Deletes all that was made for an environment, and nothing else.</summary>
    /// <inheritdoc cref="ApplyAsync(PrefectEnvironment, IReadOnlyList{Flow}, Action{PrefectAction}, CancellationToken)"/>
    public Task<PrefectPlan> DestroyAsync(string environment, Action<PrefectAction> report, CancellationToken cancellation) =>
        ApplyAsync(() => PlanDestroyAsync(environment, cancellation), report, cancellation);

    private async Task<PrefectPlan> PlanAsync(string environment, IReadOnlyList<WantedObject> wanted, CancellationToken cancellation)
    {
        var marks = new Marks(environment);
        var state = await new ServerReader(client, marks, wanted).ReadAsync(cancellation).ConfigureAwait(false);
        return PrefectPlan.Between(wanted, state, marks);
    }

    private async Task<PrefectPlan> ApplyAsync(Func<Task<PrefectPlan>> makePlan, Action<PrefectAction> report,
        CancellationToken cancellation)
    {
        var first = await makePlan().ConfigureAwait(false);
        var plan = first;
        for (var pass = 1; !plan.IsEmpty; pass++)
        {
            if (pass > Passes)
                throw new PrefectDeployException("The server does not keep what was sent; please report this with its version:\n"
                    + string.Join('\n', plan.Actions.Where(a => a.Writes)));
            await RunAsync(plan, report, cancellation).ConfigureAwait(false);
            plan = await makePlan().ConfigureAwait(false);
        }

        return first;
    }

    private async Task RunAsync(PrefectPlan plan, Action<PrefectAction> report, CancellationToken cancellation)
    {
        var writer = new ServerWriter(client, plan.State.Identifiers());
        var steps = plan.Actions.Where(a => a.Writes).ToList();
        for (var done = 0; done < steps.Count; done++)
        {
            try
            {
                await RunAsync(writer, steps[done], cancellation).ConfigureAwait(false);
            }
            catch (PrefectException failure)
            {
                throw Failed(steps[done], done, steps.Count, failure);
            }

            report(steps[done]);
        }
    }

    private static Task RunAsync(ServerWriter writer, PrefectAction step, CancellationToken cancellation) => step.Action switch
    {
        ActionKind.Create => writer.CreateAsync(step.Wanted!, cancellation),
        ActionKind.Change => writer.ChangeAsync(step.Wanted!, step.Found!, step.Changes, cancellation),
        _ => writer.DeleteAsync(step.Found!, cancellation),
    };

    private static PrefectDeployException Failed(PrefectAction step, int done, int all, PrefectException failure)
    {
        const string GoOn = "What is done stays; run the same command again to go on.";
        // The server's answer may repeat what was sent, secrets included.
        return step.Kind == ObjectKind.Block && failure.Status is not null
            ? new PrefectDeployException(
                $"{done} of {all} steps are done, then this failed: {step}: Prefect answered {failure.Status}. {GoOn}")
            : new PrefectDeployException($"{done} of {all} steps are done, then this failed: {step}: {failure.Message} {GoOn}", failure);
    }
}
