using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Finks.Orchestration.Tests.Notifications;

/// <summary>A small real SMTP server (RFC 5321, 3207, 4954) that keeps what it takes, and answers as it was told.</summary>
internal sealed class SmtpSink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;

    public SmtpSink()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var selfSigned = request.CreateSelfSigned(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _certificate = X509CertificateLoader.LoadPkcs12(selfSigned.Export(X509ContentType.Pfx), null);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = ServeAsync();
    }

    public int Port { get; }

    public bool OffersStartTls { get; init; } = true;

    /// <summary>The only password it knows; null when it offers no log-in.</summary>
    public string? Password { get; init; }

    /// <summary>Answers to RCPT in turn; 250 when there is none left.</summary>
    public ConcurrentQueue<string> RecipientAnswers { get; } = [];

    /// <summary>Connections that it closes at once.</summary>
    public int Refusals { get; set; }

    /// <summary>Whether it goes away after a message, without a farewell.</summary>
    public bool LeavesAfterMessage { get; init; }

    public ConcurrentQueue<(string Message, bool Encrypted, string? User)> Messages { get; } = [];

    /// <summary>All that came in the clear.</summary>
    public ConcurrentQueue<string> ClearLines { get; } = [];

    public int Connections { get; private set; }

    public X509Certificate2 Certificate => _certificate;

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }

            using (client)
            {
                Connections++;
                try
                {
                    if (Refusals-- <= 0)
                        await TalkAsync(client.GetStream());
                }
                catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // The client went away.
                }
            }
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        var (encrypted, user) = (false, (string?)null);
        await SayAsync("220 sink ESMTP");
        while (await ReadLineAsync(stream) is { } line)
        {
            if (!encrypted)
                ClearLines.Enqueue(line);
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await SayAsync("250-sink" + (OffersStartTls && !encrypted ? "\r\n250-STARTTLS" : "") + (Password is null ? "" : "\r\n250-AUTH PLAIN") + "\r\n250 8BITMIME");
                    break;
                case "STARTTLS":
                    await SayAsync("220 go on");
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(_certificate);
                    (stream, encrypted) = (tls, true);
                    break;
                case "AUTH":
                    var words = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])).Split('\0');
                    user = words[2] == Password ? words[1] : null;
                    await SayAsync(user is null ? $"535 the password {words[2]} is wrong" : "235 welcome");
                    break;
                case "RCPT":
                    await SayAsync(RecipientAnswers.TryDequeue(out var answer) ? answer : "250 ok");
                    break;
                case "DATA":
                    await SayAsync("354 go on");
                    Messages.Enqueue((await ReadMessageAsync(stream), encrypted, user));
                    await SayAsync("250 taken");
                    if (LeavesAfterMessage)
                        return;
                    break;
                case "QUIT":
                    await SayAsync("221 bye");
                    return;
                default:
                    await SayAsync("250 ok");
                    break;
            }
        }

        async Task SayAsync(string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text + "\r\n"));
    }

    private static async Task<string> ReadMessageAsync(Stream stream)
    {
        var message = new StringBuilder();
        while (await ReadLineAsync(stream) is { } line && line != ".")
            message.Append(line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line).Append("\r\n");
        return message.ToString();
    }

    /// <summary>Byte by byte, so that nothing is read ahead of the encryption. Null at the end.</summary>
    private static async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var next = new byte[1];
        while (await stream.ReadAsync(next) == 1)
        {
            if (next[0] == '\n')
                return Encoding.Latin1.GetString([.. line]).TrimEnd('\r');
            line.Add(next[0]);
        }

        return null;
    }
}
