using Finks.Cli.Output;
using Finks.Orchestration.Notifications;
using Finks.Orchestration.Runs;
using Finks.Pipelines;
using Finks.Pipelines.Flows;

namespace Finks.Cli.Commands;

/// <summary>Who is told how runs end, as the environment says (<c>FINKS_NOTIFY_…</c>).</summary>
internal sealed class NotifyChoice : IDisposable
{
    private readonly HttpClient _http = CreateHttp();

    private NotifyChoice(Workspace workspace, NotificationSettings settings, Func<FlowRun, Uri?> link)
    {
        var notifiers = Notifiers(settings, _http);
        if (notifiers.Count == 0)
            return;
        var sender = new NotificationSender(notifiers, new NotificationLedger(workspace.Lake.Database), settings, Composition.Clock);
        Notices = new RunNotices(workspace, sender, link, problem => ErrorText.Write(problem));
    }

    /// <summary>Null when nobody is to be told.</summary>
    public RunNotices? Notices { get; }

    /// <param name="console">Whether failures are written to the standard error, too.</param>
    /// <param name="link">Where a run is shown; null for nowhere.</param>
    /// <exception cref="UsageException">A variable is wrong.</exception>
    public static NotifyChoice Open(Workspace workspace, bool console = false, Func<FlowRun, Uri?>? link = null) =>
        new(workspace, Settings() with { Console = console }, link ?? (_ => null));

    /// <exception cref="UsageException">A variable is wrong.</exception>
    public static NotificationSettings Settings()
    {
        try
        {
            return NotificationVariables.Read(WorkspaceChoice.Setting);
        }
        catch (NotificationSettingException error)
        {
            throw new UsageException(error.Message);
        }
    }

    /// <exception cref="UsageException">An address is none.</exception>
    public static IReadOnlyList<INotifier> Notifiers(NotificationSettings settings, HttpClient http)
    {
        try
        {
            return settings.Notifiers(http, Console.Error, Composition.Clock);
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
    }

    /// <summary>A webhook that redirects is wrong, and its address would be told to another.</summary>
    public static HttpClient CreateHttp() => new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public void Dispose() => _http.Dispose();
}
