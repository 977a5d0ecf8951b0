using Finks.Cli.Output;
using Finks.Orchestration;
using Finks.Orchestration.Runs;
using Finks.Pipelines;
using Finks.Pipelines.Flows;

namespace Finks.Cli.Commands;

/// <summary>Runs flows as commands do: with the settings of this process, and a display.</summary>
internal static class FlowChoice
{
    public static string? FmpApiKey => WorkspaceChoice.Setting("FMP_API_KEY");

    /// <summary>Sees to it that a run that will ask FMP can.</summary>
    /// <exception cref="UsageException">The key is not set.</exception>
    public static void RequireFmpApiKey()
    {
        if (FmpApiKey is null)
            throw new UsageException("FMP_API_KEY is not set. Put your FMP key into that environment variable; Finks sends it in a header only.");
    }

    public static FlowServices Services(Workspace workspace) => Services(workspace, FmpApiKey);

    public static FlowServices Services(Workspace workspace, string? fmpApiKey)
    {
        var services = new FlowServices
        {
            Workspace = workspace,
            Random = Composition.Random(),
            FmpApiKey = fmpApiKey,
            OpenBackup = text => BackupCommands.Place(text, workspace.Lake.Paths.Home),
        };
        return WorkspaceChoice.Setting("FMP_BASE_URL") is { } url ? services with { FmpBaseAddress = new Uri(url) } : services;
    }

    /// <summary>Runs a flow with a display; returns the exit code.</summary>
    public static async Task<int> RunAsync<TParameters>(Workspace workspace, Flow<TParameters> flow, TParameters parameters, CancellationToken cancellation)
        where TParameters : class
    {
        using var notify = NotifyChoice.Open(workspace);
        return ExitCode(await FlowDisplay.ShowAsync(observer => new FlowRunner(workspace, observer, notify.Notices).RunAsync(flow, parameters, cancellation)));
    }

    /// <summary>Goes on with a run; returns the exit code.</summary>
    public static async Task<int> WorkAsync(Workspace workspace, Flow flow, FlowRun run, CancellationToken cancellation)
    {
        using var notify = NotifyChoice.Open(workspace);
        return ExitCode(await FlowDisplay.ShowAsync(observer => new FlowRunner(workspace, observer, notify.Notices).WorkAsync(flow, run, cancellation)));
    }

    /// <summary>What a run becomes for the caller of the program.</summary>
    public static int ExitCode(FlowSummary summary) => summary.Incomplete ? ExitCodes.Incomplete : ExitCodes.Success;
}
