using Finks.Cli.Output;
using Finks.Orchestration.Notifications;
using Finks.Orchestration.Runs;
using Finks.Pipelines;
using Finks.Pipelines.Flows;

namespace Finks.Cli.Commands;

/// <summary>Who is told how runs end, as the environment says (<c>FINKS_NOTIFY_…</c>).</summary>
internal sealed class NotifyChoice : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private NotifyChoice(Workspace workspace, NotificationSettings settings, Func<FlowRun, Uri?> link)
    {
        var notifiers = settings.Notifiers(_http, Console.Error, Composition.Clock);
        var sender = new NotificationSender(notifiers, new NotificationLedger(workspace.Lake.Database), settings, Composition.Clock);
        Notices = notifiers.Count == 0 ? null : new RunNotices(workspace, sender, link, problem => ErrorText.Write(problem));
    }

    /// <summary>Null when nobody is to be told.</summary>
    public RunNotices? Notices { get; }

    /// <param name="console">Whether failures are written to the standard error, too.</param>
    /// <param name="link">Where a run is shown; null for nowhere.</param>
    /// <exception cref="UsageException">A variable is wrong.</exception>
    public static NotifyChoice Open(Workspace workspace, bool console = false, Func<FlowRun, Uri?>? link = null)
    {
        try
        {
            return new NotifyChoice(workspace, NotificationVariables.Read(WorkspaceChoice.Setting) with { Console = console }, link ?? (_ => null));
        }
        catch (Exception error) when (error is NotificationSettingException or ArgumentException)
        {
            throw new UsageException(error.Message);
        }
    }

    public void Dispose() => _http.Dispose();
}
