using System.Globalization;
using System.Net;
using Finks.Orchestration.Local;

namespace Finks.Orchestration.Prefect.Workers;

/// <summary>A process as the server keeps it: <c>host:pid</c>. That says less than <see cref="RunProcess"/>, but other workers write no
/// more.</summary>
internal sealed record HostProcess(string Host, int Id)
{
    public static HostProcess Current { get; } = On(Environment.ProcessId);

    public static HostProcess On(int id) => new(Dns.GetHostName(), id);

    /// <summary>Null for what names no process, such as the container of a worker of another kind.</summary>
    public static HostProcess? Parse(string? text) =>
        text?.Split(':') is [var host, var id] && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new HostProcess(host, number)
            : null;

    /// <summary>Whether it is known to have ended; false for other hosts, of which nothing is known.</summary>
    public bool HasEnded() => Host == Current.Host && RunProcess.Find(Id) is null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Id}");
}
