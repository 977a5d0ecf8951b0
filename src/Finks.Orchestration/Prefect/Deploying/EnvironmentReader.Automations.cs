using Finks.Contracts.Reading;
using Finks.Orchestration.Scheduling;
using YamlDotNet.RepresentationModel;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>Automations.</summary>
public sealed partial class EnvironmentReader
{
    /// <summary>The server looks for what has not happened every few seconds, and takes no shorter time.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, AutomationTrigger> Triggers = new()
    {
        ["failed"] = AutomationTrigger.Failed,
        ["stuck"] = AutomationTrigger.Stuck,
        ["late"] = AutomationTrigger.Late,
    };

    private AutomationSpec Automation(MappingReader reader, IReadOnlyList<string> all)
    {
        reader = reader.Named($"the automation '{reader.Text("name")}'");
        reader.CheckKeys(["name", "description", "when", "deployments", "within", "do"]);
        var when = Reference(reader, "when", "trigger", Triggers.Keys) is { } trigger ? Triggers[trigger] : AutomationTrigger.Failed;
        var named = reader.Texts("deployments");
        foreach (var absent in named.Where(n => !all.Contains(n.Value!)))
            Dangling(absent, reader.Subject, "deployment", absent.Value!, all);
        if (named.Count == 0 && all.Count == 0)
            _problems.Add(reader.Node, $"{reader.Subject} watches the deployments of the file, and there are none.", "Add a deployment.");
        var actions = reader.Mappings("do", n => $"action {n} of {reader.Subject}", required: true).Select(a => Action(a, all))
            .OfType<AutomationAction>().ToList();
        return new AutomationSpec(
            Named(reader, "name"), reader.Text("description") ?? "", when, named.Count == 0 ? all : [.. named.Select(n => n.Value!)],
            Within(reader, when), actions);
    }

    private TimeSpan Within(MappingReader reader, AutomationTrigger when)
    {
        if (when == AutomationTrigger.Failed)
        {
            if (reader.Has("within"))
                _problems.Add(reader.PlaceOf("within"), $"{reader.Subject} acts at once when a run failed.", "Remove 'within'.");
            return TimeSpan.Zero;
        }

        if (reader.Text("within", required: true) is not { } text)
            return TimeSpan.Zero;
        if (DurationText.Parse(text) is { } within && within >= ShortestWait)
            return within;
        _problems.Add(reader.PlaceOf("within"), $"{reader.Subject}: 'within' is '{text}'.",
            "Write a duration of at least 10s, such as 9m or 1h30m.");
        return TimeSpan.Zero;
    }

    private AutomationAction? Action(MappingReader reader, IReadOnlyList<string> all)
    {
        string[] kinds = ["crash", "cancel", "notify", "webhook", "run"];
        reader.CheckKeys(kinds);
        if (reader.Node is not YamlMappingNode { Children.Count: 1 } || kinds.FirstOrDefault(reader.Has) is not { } kind)
        {
            _problems.Add(reader.Node, $"{reader.Subject} must say one thing.", $"Use one of: {string.Join(", ", kinds)}.");
            return null;
        }

        return kind switch
        {
            "crash" => new AutomationAction.Crash(reader.Text(kind) ?? ""),
            "cancel" => Cancel(reader),
            "notify" => Notify(reader.Mapping(kind, reader.Subject, required: true)),
            "webhook" => Webhook(reader.Mapping(kind, reader.Subject, required: true)),
            _ => Run(reader.Mapping(kind, reader.Subject, required: true), all),
        };
    }

    private AutomationAction.Cancel? Cancel(MappingReader reader)
    {
        if (reader.Boolean("cancel") == true)
            return new AutomationAction.Cancel();
        _problems.Add(reader.PlaceOf("cancel"), $"{reader.Subject}: 'cancel' can only be true.", "Write 'cancel: true' or remove it.");
        return null;
    }

    private AutomationAction.Notify? Notify(MappingReader? reader)
    {
        reader?.CheckKeys(["block", "subject", "body"]);
        return reader is null ? null : new AutomationAction.Notify(
            BlockName(reader), reader.Text("subject") ?? "Finks: {{ flow_run.name }}",
            reader.Text("body") ?? "{{ flow.name }} ({{ flow_run.name }}) is {{ flow_run.state.name }}: {{ flow_run.state.message }}");
    }

    private AutomationAction.Webhook? Webhook(MappingReader? reader)
    {
        reader?.CheckKeys(["block", "payload"]);
        return reader is null ? null : new AutomationAction.Webhook(BlockName(reader), reader.Text("payload") ?? "");
    }

    private AutomationAction.Run? Run(MappingReader? reader, IReadOnlyList<string> all)
    {
        reader?.CheckKeys(["deployment", "parameters"]);
        return reader is null ? null : new AutomationAction.Run(Reference(reader, "deployment", "deployment", all) ?? "",
            Json(reader, "parameters"));
    }

    /// <summary>Of the file or of the server: the plan finds out.</summary>
    private string BlockName(MappingReader reader)
    {
        var name = reader.Text("block", required: true) ?? "";
        if (name.Split('/') is not [{ Length: > 0 }, { Length: > 0 }] && name.Length > 0)
            _problems.Add(reader.PlaceOf("block"), $"{reader.Subject}: 'block' is '{name}'.",
                "Write TYPE/NAME, such as slack-webhook/alerts.");
        return name;
    }
}
