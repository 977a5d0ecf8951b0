using System.CommandLine;
using Finks.Cli.Output;
using Finks.Lake.Maintenance;
using Finks.Lake.Storage;
using Finks.Pipelines;
using Finks.Pipelines.Flows;
using Finks.Pipelines.Maintenance;
using Finks.Pipelines.Stages;

namespace Finks.Cli.Commands;

/// <summary><c>finks lake rebuild</c>: the whole lake from Bronze alone.</summary>
internal static class RebuildCommand
{
    public static Command Create()
    {
        var workspaceChoice = new WorkspaceChoice();
        var from = new Option<DirectoryInfo?>("--from") { Description = "Folder that holds the Bronze zone, when it is not the new lake's own: a former home, or FOLDER/files of a backup." };
        var accept = new AcceptChoice();
        var command = new Command("rebuild", "Make registers, Silver and Gold anew from the files of the Bronze zone, when catalog and all else are lost.") { from };
        accept.AddTo(command);
        workspaceChoice.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var workspace = workspaceChoice.Open(parsed);
            if (parsed.GetValue(from) is { } folder)
                await Task.Run(() => Copy(workspace, folder.FullName, cancellation), cancellation);
            IStage[] stages = [new RebuildStage(workspace, accept.Read(parsed)), new TransformStage(workspace), new PublishStage(workspace)];
            return await FlowChoice.RunAsync(workspace, new StagesFlow("lake rebuild", workspace, stages), new NoParameters(), cancellation);
        });
        return command;
    }

    private static void Copy(Workspace workspace, string folder, CancellationToken cancellation)
    {
        using var other = new LocalStore(folder);
        using var display = new MaintenanceDisplay();
        var copied = new BronzeAdoption(workspace.Lake, workspace.Bronze).CopyFrom(other, $"{workspace.Lake.Paths.Environment}-bronze-zone", display, cancellation);
        display.Dispose();
        Console.WriteLine($"{copied:N0} Bronze files were copied from {folder}.");
    }
}
