namespace Finks.Orchestration.Notifications;

/// <summary>Writes messages to a stream of text, such as the standard error.</summary>
public sealed class ConsoleNotifier(TextWriter output) : INotifier
{
    private readonly Lock _writing = new();

    public string Name => "console";

    public Task<NotificationProblem?> SendAsync(NotificationMessage message, CancellationToken cancellation)
    {
        try
        {
            lock (_writing)
                output.WriteLine(MessageText.Body(message).TrimEnd());
            return Task.FromResult<NotificationProblem?>(null);
        }
        catch (IOException error)
        {
            return Task.FromResult<NotificationProblem?>(new NotificationProblem(Name, $"The console cannot be written: {error.Message}"));
        }
    }
}
