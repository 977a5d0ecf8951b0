using System.Text.Json.Nodes;
using Finks.Contracts.Reading;
using YamlDotNet.RepresentationModel;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>Pools and their queues.</summary>
public sealed partial class EnvironmentReader
{
    /// <summary>What the worker starts for a run.</summary>
    private const string Command = "finks flow-run execute";

    /// <summary>The queue that the server gives to each pool.</summary>
    private const string DefaultQueue = "default";

    private PoolSpec Pool(MappingReader reader)
    {
        reader = reader.Named($"the pool '{reader.Text("name")}'");
        reader.CheckKeys(["name", "type", "description", "concurrency_limit", "command", "working_dir", "env", "job_variables", "queues"]);
        var type = Reference(reader, "type", "pool type", [.. PoolTemplate.Types]) ?? PoolTemplate.Types[0];
        var name = Named(reader, "name");
        if (name.StartsWith("prefect", StringComparison.OrdinalIgnoreCase))
            _problems.Add(reader.PlaceOf("name"), $"{reader.Subject}: names that begin with prefect belong to the server.",
                "Write another name.");
        var queues = reader.Mappings("queues", n => $"queue {n} of {reader.Subject}").Select(Queue).ToList();
        Unique(reader, "queues", queues.Select(q => q.Name));
        Unique(reader, "queues", queues.Select(q => $"priority {q.Priority}"));
        return new PoolSpec(name, type, reader.Text("description") ?? "", Count(reader, "concurrency_limit", 1), Defaults(reader, type),
            queues);
    }

    private JsonObject Defaults(MappingReader reader, string type)
    {
        var defaults = JobVariables(reader, type);
        defaults["command"] = reader.Text("command") ?? defaults["command"]?.DeepClone() ?? Command;
        defaults["env"] = Env(reader);
        if (reader.Text("working_dir") is { } folder)
        {
            if (type != "process")
                _problems.Add(reader.PlaceOf("working_dir"), $"{reader.Subject}: only pools of type process have a working_dir.",
                    "Set it in the image.");
            defaults["working_dir"] = folder;
        }

        return defaults;
    }

    /// <summary>Texts by name; numbers and truth values need quotes, as the server takes texts only.</summary>
    private JsonObject Env(MappingReader reader)
    {
        var env = new JsonObject();
        foreach (var (name, value) in reader.Mapping("env", $"'env' of {reader.Subject}")?.ScalarValues() ?? new Dictionary<string,
            YamlScalarNode>())
        {
            if (value.Kind() == ScalarKind.Text)
                env[name] = value.Value;
            else
                _problems.Add(value, $"'env' of {reader.Subject}: '{name}' must be text but is {value.Value}.", "Put quotes around it.");
        }

        return env;
    }

    private JsonObject JobVariables(MappingReader reader, string type)
    {
        var own = reader.Mapping("job_variables", $"'job_variables' of {reader.Subject}");
        // Those that have a key of their own are not said in a second way.
        own?.CheckKeys([.. PoolTemplate.Variables(type).Where(v => v is not ("env" or "working_dir"))]);
        return Json(reader, "job_variables");
    }

    private QueueSpec Queue(MappingReader reader)
    {
        reader.CheckKeys(["name", "description", "priority", "concurrency_limit"]);
        var name = Named(reader, "name");
        if (name == DefaultQueue)
            _problems.Add(reader.PlaceOf("name"), $"{reader.Subject}: the server makes the queue 'default' for each pool.",
                "Leave it out, or write another name.");
        return new QueueSpec(
            name, reader.Text("description") ?? "", Count(reader, "priority", 1, required: true) ?? 0,
                Count(reader, "concurrency_limit", 1));
    }
}
