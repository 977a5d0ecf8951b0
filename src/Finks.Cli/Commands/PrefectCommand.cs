using System.CommandLine;
using Finks.Cli.Output;
using Finks.Orchestration;
using Finks.Orchestration.Prefect.Api;
using Finks.Orchestration.Prefect.Deploying;
using Finks.Pipelines.Flows;

namespace Finks.Cli.Commands;

/// <summary><c>finks prefect</c>: what a Prefect server is to have, as a file says it.</summary>
internal static class PrefectCommand
{
    public static Command Create() => new(
        "prefect", "Bring a Prefect server to what a file wants: pools, deployments, schedules, blocks, automations.")
    {
        Apply(),
        Destroy(),
        Status(),
    };

    private static Command Apply()
    {
        var (server, file, dryRun) = (new PrefectChoice(), File(), DryRun());
        var command = new Command("apply", "Create, change and delete what differs from the file. A second time changes nothing.")
        {
            file,
            dryRun,
        };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var flows = FlowCatalog.Descriptions;
            var environment = Read(parsed.GetValue(file)!, flows, WorkspaceChoice.Setting);
            var client = server.Open(parsed);
            var plan = parsed.GetValue(dryRun)
                ? await Deployer(client).PlanAsync(environment, flows, cancellation)
                : await Deployer(client).ApplyAsync(environment, flows, Console.WriteLine, cancellation);
            Write(plan, parsed.GetValue(dryRun));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Destroy()
    {
        var (server, file, dryRun) = (new PrefectChoice(), File(), DryRun());
        var command = new Command(
            "destroy", "Delete all that `finks prefect apply` has made for the environment of the file, and nothing else.")
        {
            file,
            dryRun,
        };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            // The file only says which environment; its secrets are not needed.
            var environment = Read(parsed.GetValue(file)!, FlowCatalog.Descriptions, _ => "");
            var client = server.Open(parsed);
            var plan = parsed.GetValue(dryRun)
                ? await Deployer(client).PlanDestroyAsync(environment.Name, cancellation)
                : await Deployer(client).DestroyAsync(environment.Name, Console.WriteLine, cancellation);
            Write(plan, parsed.GetValue(dryRun));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Status()
    {
        var server = new PrefectChoice();
        var command = new Command("status", "The server's version, pools, deployments and late runs.");
        server.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = server.Open(parsed);
            PrefectTables.Write(await ServerStatus.ReadAsync(client, cancellation), client.ApiUrl);
            return ExitCodes.Success;
        });
        return command;
    }

    private static PrefectEnvironment Read(FileInfo file, IReadOnlyList<Flow> flows, Func<string, string?> setting) => file.Exists
        ? EnvironmentReader.Read(Path.GetRelativePath(".", file.FullName), flows, setting)
        : throw new UsageException($"There is no file {file.FullName}. Finks brings deploy/prefect/dev.yaml and deploy/prefect/prod.yaml.");

    /// <summary>Steps were told as they were done; a dry run tells them all here.</summary>
    private static void Write(PrefectPlan plan, bool dryRun)
    {
        foreach (var action in plan.Actions.Where(a => a.Action == ActionKind.Keep || (dryRun && a.Writes)))
            Console.WriteLine(action);
        var counts = plan.Actions.CountBy(a => a.Action).ToDictionary();
        Console.WriteLine(
            (dryRun ? "Would " : "")
            + $"create {counts.GetValueOrDefault(ActionKind.Create)}, change {counts.GetValueOrDefault(ActionKind.Change)}, "
            + $"delete {counts.GetValueOrDefault(ActionKind.Delete)}; unchanged {counts.GetValueOrDefault(ActionKind.Unchanged)}."
            + (dryRun ? " Nothing was written." : ""));
    }

    private static PrefectDeployer Deployer(PrefectClient client) => new(client, Composition.Clock);

    private static Option<FileInfo> File() =>
        new("--file") { Description = "The environment's file, e.g. deploy/prefect/dev.yaml.", Required = true };

    private static Option<bool> DryRun() => new("--dry-run") { Description = "Only say what would be done." };
}
