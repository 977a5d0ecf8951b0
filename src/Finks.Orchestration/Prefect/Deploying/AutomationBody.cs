using System.Text.Json.Nodes;

namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>Automations in the server's words. Only event triggers: the open-source server has no others that look at runs.</summary>
internal static class AutomationBody
{
    private const string AnyRun = "prefect.flow-run.*";

    public static JsonObject Of(AutomationSpec automation, Marks marks) => new()
    {
        ["name"] = automation.Name,
        ["description"] = automation.Description,
        ["tags"] = marks.Tags(),
        ["enabled"] = true,
        ["trigger"] = Trigger(automation),
        ["actions"] = new JsonArray([.. automation.Actions.Select(Action)]),
    };

    private static JsonObject Trigger(AutomationSpec automation)
    {
        (string Posture, string[] After, string[] Expect) events = automation.When switch
        {
            AutomationTrigger.Failed => ("Reactive", [], [Run("Failed"), Run("Crashed"), Run("TimedOut")]),
            AutomationTrigger.Stuck => ("Proactive", [PrefectBackend.HeartbeatEvent], [AnyRun]),
            // The server calls a run Late that nobody has begun in time, so a pool without a worker is noticed as well.
            _ => ("Proactive", [Run("Late"), Run("Running")], [Run("Completed")]),
        };
        return new JsonObject
        {
            ["type"] = "event",
            ["posture"] = events.Posture,
            ["after"] = Texts(events.After),
            ["expect"] = Texts(events.Expect),
            ["match"] = new JsonObject { ["prefect.resource.id"] = Texts([AnyRun]) },
            ["match_related"] = new JsonObject
            {
                ["prefect.resource.role"] = "deployment",
                ["prefect.resource.id"] = Texts(automation.Deployments.Select(d => "prefect.deployment."
                    + ServerReference.To(ObjectKind.Deployment, d))),
            },
            ["for_each"] = Texts(["prefect.resource.id"]),
            ["threshold"] = 1,
            ["within"] = automation.Within.TotalSeconds,
        };
    }

    private static JsonObject Action(AutomationAction action) => action switch
    {
        AutomationAction.Crash crash => new JsonObject
        {
            ["type"] = "change-flow-run-state",
            ["state"] = "CRASHED",
            ["message"] = crash.Message
        },
        AutomationAction.Cancel => new JsonObject { ["type"] = "cancel-flow-run" },
        AutomationAction.Notify notify => new JsonObject
        {
            ["type"] = "send-notification",
            ["block_document_id"] = ServerReference.To(ObjectKind.Block, notify.Block),
            ["subject"] = notify.Subject,
            ["body"] = notify.Body,
        },
        AutomationAction.Webhook webhook => new JsonObject
        {
            ["type"] = "call-webhook",
            ["block_document_id"] = ServerReference.To(ObjectKind.Block, webhook.Block),
            ["payload"] = webhook.Payload,
        },
        AutomationAction.Run run => new JsonObject
        {
            ["type"] = "run-deployment",
            ["source"] = "selected",
            ["deployment_id"] = ServerReference.To(ObjectKind.Deployment, run.Deployment),
            ["parameters"] = run.Parameters.DeepClone(),
        },
        _ => throw new InvalidOperationException($"No automation can do {action}."),
    };

    private static string Run(string state) => $"prefect.flow-run.{state}";

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(t => JsonValue.Create(t))];
}
