using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Finks.Orchestration.Notifications;

/// <summary>Sends messages as e-mail.</summary>
public sealed class SmtpNotifier : INotifier
{
    private readonly SmtpSettings _settings;
    private readonly TimeProvider _clock;
    private readonly MailboxAddress _from;
    private readonly IReadOnlyList<MailboxAddress> _to;

    /// <exception cref="ArgumentException">An address is none, there is no recipient, or a password would go in the clear.</exception>
    public SmtpNotifier(SmtpSettings settings, TimeProvider clock)
    {
        if (settings.To.Count == 0)
            throw new ArgumentException($"The notifier '{settings.Name}' has no recipient. Give at least one address.", nameof(settings));
        if (settings.Password is not null && !settings.StartTls)
            throw new ArgumentException(
                $"The notifier '{settings.Name}' would send its password in the clear. Turn STARTTLS on, or leave the password out.",
                nameof(settings));
        (_settings, _clock) = (settings, clock);
        _from = Address(settings.From);
        _to = [.. settings.To.Select(Address)];
    }

    public string Name => _settings.Name;

    /// <summary>For tests, whose servers have certificates of their own; null for the system's trust.</summary>
    internal RemoteCertificateValidationCallback? CertificateValidation { get; init; }

    public async Task<NotificationProblem?> SendAsync(NotificationMessage message, CancellationToken cancellation)
    {
        using var mail = Compose(message);
        return await new Delivery(Name, _clock).SendAsync(attempt => SubmitAsync(mail, attempt), cancellation);
    }

    private MimeMessage Compose(NotificationMessage message)
    {
        var text = new TextPart("plain") { Text = MessageText.Body(message) };
        return new MimeMessage([_from], _to, MessageText.Title(message), text)
        {
            Date = message.Notification.OccurredAt.ToUniversalTime(),
            // The same for every attempt, so that a server that took the message before the connection broke can tell.
            MessageId = string.Create(
                CultureInfo.InvariantCulture,
                $"{message.Notification.FlowRunId:N}.{MessageText.Outcome(message.Notification)}@finks.{_from.Domain}"),
        };
    }

    private async Task<DeliveryFailure?> SubmitAsync(MimeMessage mail, CancellationToken cancellation)
    {
        try
        {
            using var client = new SmtpClient();
            client.ServerCertificateValidationCallback = CertificateValidation;
            var security = _settings.StartTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None;
            await client.ConnectAsync(_settings.Host, _settings.Port, security, cancellation);
            if (_settings is { User: { } user, Password: { } password })
                await client.AuthenticateAsync(user, password.Reveal(), cancellation);
            await client.SendAsync(mail, cancellation);
            await client.DisconnectAsync(quit: true, cancellation); // the message is taken: a farewell that fails throws nothing
            return null;
        }
        catch (SmtpCommandException error)
        {
            var refused = error.Mailbox is { } mailbox ? $" for {mailbox.Address}" : "";
            return new DeliveryFailure(
                $"{Server} answered {(int)error.StatusCode}{refused}.", IsTransient: (int)error.StatusCode is >= 400 and < 500);
        }
        catch (AuthenticationException)
        {
            return new DeliveryFailure($"{Server} refused the user or the password. Put valid ones into the settings.", IsTransient: false);
        }
        catch (SslHandshakeException)
        {
            return new DeliveryFailure(
                $"the certificate of {Server} is not trusted. Use the name that it is made out to, or install its authority.",
                IsTransient: false);
        }
        catch (NotSupportedException)
        {
            return new DeliveryFailure(
                $"{Server} lacks STARTTLS or a way to log in. Use its port for submission, often 587.", IsTransient: false);
        }
        catch (Exception error) when (error is SocketException or IOException or ProtocolException or TimeoutException)
        {
            return new DeliveryFailure($"{Server} cannot be reached, or broke the connection ({error.GetType().Name}).", IsTransient: true);
        }
    }

    private string Server => string.Create(CultureInfo.InvariantCulture, $"the mail server {_settings.Host}:{_settings.Port}");

    private MailboxAddress Address(string text) =>
        MailboxAddress.TryParse(text, out var address) && address.Address.Contains('@', StringComparison.Ordinal)
            ? address
            : throw new ArgumentException(
                $"'{text}' of the notifier '{_settings.Name}' is no e-mail address. Write it like finks@example.com.");
}
