using Finks.Orchestration.Scheduling;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>A schedule of an environment's file, for a machine without a server.</summary>
/// <param name="IsOn">False when the file switches it or its deployment off.</param>
public sealed record LocalSchedule(ScheduledFlow Flow, bool IsOn);

/// <summary>The schedules of an environment's file as <see cref="Scheduler"/> runs them.</summary>
public static class LocalSchedules
{
    /// <summary>All of them; each is called <c>FLOW/DEPLOYMENT/SCHEDULE</c>.</summary>
    /// <exception cref="ScheduleException">One has a form that only a server knows, or there is none.</exception>
    public static IReadOnlyList<LocalSchedule> Of(PrefectEnvironment environment)
    {
        var schedules = environment.Deployments.SelectMany(d => d.Schedules.Select(s => Of(d, s))).ToList();
        return schedules.Count > 0
            ? schedules
            : throw new ScheduleException("The file has no schedule. Add 'schedules: [{ name: after-close, exchange: XNYS, after_close: 5h15m }]' to a deployment.");
    }

    private static LocalSchedule Of(DeploymentSpec deployment, ScheduleSpec schedule)
    {
        var name = $"{deployment.FullName}/{schedule.Name}";
        var flow = new ScheduledFlow(name, deployment.Flow, Times(schedule, name), schedule.Over(deployment.Parameters), schedule.CatchUp);
        return new LocalSchedule(flow, schedule.Active != false && deployment.Paused != true);
    }

    private static Schedule Times(ScheduleSpec schedule, string name) => schedule switch
    {
        { Cron: { } cron } => new Schedule.Cron(cron, schedule.TimeZone),
        { Every: { } every } => new Schedule.Every(every),
        { Exchange: { } exchange } => exchange,
        _ => throw new ScheduleException($"The schedule '{name}' is an rrule, which only a Prefect server runs. Write it as cron, every or exchange."),
    };
}
