using System.Text.Json.Nodes;
using Finks.Contracts.Reading;
using Finks.Orchestration.Scheduling;
using NodaTime;
using YamlDotNet.RepresentationModel;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>Deployments and their schedules.</summary>
public sealed partial class EnvironmentReader
{
    /// <summary>Longer rules are refused by the server.</summary>
    private const int LongestRule = 6500;

    private static readonly Dictionary<string, string> Collisions = new() { ["enqueue"] = "ENQUEUE", ["cancel_new"] = "CANCEL_NEW" };

    private static readonly Dictionary<string, CatchUp> CatchUps = new() { ["latest"] = CatchUp.Latest, ["all"] = CatchUp.All, ["skip"] = CatchUp.Skip };

    private DeploymentSpec Deployment(MappingReader reader, IReadOnlyList<PoolSpec> pools)
    {
        reader = reader.Named($"the deployment '{reader.Text("flow")}/{reader.Text("name")}'");
        reader.CheckKeys([
            "flow", "name", "description", "pool", "queue", "tags", "parameters", "job_variables", "env", "concurrency_limit",
                "on_collision", "paused",
            "schedules"]);
        var flow = _flows.FirstOrDefault(f => f.Name == Reference(reader, "flow", "flow", [.. _flows.Select(f => f.Name)]));
        var poolName = _forServer || reader.Has("pool") ? Reference(reader, "pool", "pool", [.. pools.Select(p => p.Name)]) : null;
        var pool = pools.FirstOrDefault(p => p.Name == poolName);
        var parameters = Json(reader, "parameters");
        Check(flow, parameters, reader.PlaceOf("parameters"), reader.Subject);
        var schedules = reader.Mappings("schedules", n => $"schedule {n} of {reader.Subject}").Select(s => ScheduleOf(s, flow,
            parameters)).ToList();
        Unique(reader, "schedules", schedules.Select(s => s.Name));
        return new DeploymentSpec
        {
            Flow = flow?.Name ?? "",
            Name = Named(reader, "name"),
            Description = reader.Text("description"),
            Pool = poolName ?? "",
            Queue = reader.Has("queue") && pool is not null
                ? Reference(reader, "queue", "queue", [DefaultQueue, .. pool.Queues.Select(q => q.Name)]) ?? ""
                : DefaultQueue,
            Tags = [.. reader.Texts("tags").Select(t => t.Value!)],
            Parameters = parameters,
            JobVariables = RunVariables(reader, pool),
            ConcurrencyLimit = Count(reader, "concurrency_limit", 1),
            OnCollision = reader.Has("on_collision") && Reference(reader, "on_collision", "strategy", Collisions.Keys) is { } strategy
                ? Collisions[strategy]
                : "ENQUEUE",
            Paused = reader.Boolean("paused"),
            Schedules = schedules,
        };
    }

    /// <summary>Those of the deployment, with the environment of its pool: a run's <c>env</c> would replace that as a whole.</summary>
    private JsonObject RunVariables(MappingReader reader, PoolSpec? pool)
    {
        var variables = pool is null ? [] : JobVariables(reader, pool.Type);
        var env = pool?.Defaults["env"]?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in Env(reader))
            env[name] = value?.DeepClone();
        variables["env"] = env;
        return variables;
    }

    private void Check(Flow? flow, JsonObject parameters, YamlNode place, string subject)
    {
        try
        {
            flow?.Complete(parameters);
        }
        catch (FlowParametersException wrong)
        {
            _problems.Add(place, $"{subject}: {wrong.Message}",
                $"Flow {flow!.Name} takes: {string.Join(", ", flow.ParameterSchema["properties"]!.AsObject().Select(p => p.Key))}.");
        }
    }

    private ScheduleSpec ScheduleOf(MappingReader reader, Flow? flow, JsonObject given)
    {
        reader.CheckKeys(["name", "active", "parameters", "catch_up", "cron", "every", "rrule", "exchange", "after_close", "before_open", "timezone"]);
        var spec = new ScheduleSpec(
            Named(reader, "name", Dashed(), "small letters, digits and dashes"), reader.Boolean("active"), Json(reader, "parameters"))
        {
            TimeZone = Zone(reader),
            CatchUp = reader.Has("catch_up") && Reference(reader, "catch_up", "policy", CatchUps.Keys) is { } policy ? CatchUps[policy] : CatchUp.Latest,
        };
        if (spec.Parameters.Count > 0)
            Check(flow, spec.Over(given), reader.PlaceOf("parameters"), reader.Subject);
        return reader.Has("rrule") ? spec with { RRule = Rule(reader) } : Times(reader, spec);
    }

    private ScheduleSpec Times(MappingReader reader, ScheduleSpec spec)
    {
        var settings = new Dictionary<string, string>();
        // Prefect's intervals have a time zone, too, which moves them with the clocks.
        foreach (var key in new[] { "cron", "every", "exchange", "after_close", "before_open", "timezone" }.Where(reader.Has))
        {
            if (reader.Text(key) is { } text && !(key == "timezone" && reader.Has("every")))
                settings[key] = text;
        }

        try
        {
            return Schedule.Parse(settings, reader.Subject) switch
            {
                Schedule.Cron cron => spec with { Cron = cron.Expression },
                Schedule.Every every => spec with { Every = every.Interval },
                var exchange => spec with { Exchange = exchange },
            };
        }
        catch (ScheduleException wrong)
        {
            _problems.Add(reader.Node, wrong.Message, "'rrule' is a fourth form.");
            return spec;
        }
    }

    private string? Rule(MappingReader reader)
    {
        foreach (var other in new[] { "cron", "every", "exchange", "after_close", "before_open" }.Where(reader.Has))
            _problems.Add(reader.PlaceOf(other), $"{reader.Subject} has 'rrule' and '{other}'.",
                "Keep one; make two schedules if both are meant.");
        var rule = reader.Text("rrule");
        if (rule is not null && (rule.Length > LongestRule || !rule.Contains("FREQ=", StringComparison.Ordinal)))
        {
            _problems.Add(
                reader.PlaceOf("rrule"),
                    $"{reader.Subject}: 'rrule' has {rule.Length} "
                        + $"characters{(rule.Contains("FREQ=", StringComparison.Ordinal) ? "" : " and no FREQ")}.",
                $"Write a rule of RFC 5545 of at most {LongestRule} characters, such as "
                    + $"FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=22;BYMINUTE=0;BYSECOND=0.");
        }

        // The server would count them all, from 2020 on, each time it looks.
        if (rule is not null && (rule.Contains("SECONDLY", StringComparison.Ordinal)
            || rule.Contains("MINUTELY", StringComparison.Ordinal)))
            _problems.Add(reader.PlaceOf("rrule"), $"{reader.Subject}: a rule of minutes or seconds overloads the server.",
                "Write 'every: 15m' instead.");
        return rule;
    }

    private string Zone(MappingReader reader)
    {
        if (reader.Text("timezone") is not { } zone)
            return "UTC";
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
            _problems.Add(reader.PlaceOf("timezone"), $"{reader.Subject}: there is no time zone '{zone}'.",
                "Write a name of the IANA database, such as America/New_York.");
        return zone;
    }
}
