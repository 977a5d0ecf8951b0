using Finks.Lake.Tests.Storage;

[assembly: AssemblyFixture(typeof(S3Servers))]

namespace Finks.Lake.Tests.Storage;

/// <summary>One server of a kind for all tests, started by the first that needs it.</summary>
public sealed class S3Servers : IDisposable
{
    private readonly Lazy<S3Server> _versitygw = new(S3Server.Versitygw);
    private readonly Lazy<S3Server> _moto = new(S3Server.Moto);
    private int _zones;

    public S3Server Versitygw => _versitygw.Value;

    public S3Server Moto => _moto.Value;

    /// <summary>The name of a bucket that no other test uses.</summary>
    public string NewZone() => $"dev-zone-{Interlocked.Increment(ref _zones)}";

    public void Dispose()
    {
        foreach (var server in new[] { _versitygw, _moto })
        {
            if (server.IsValueCreated)
                server.Value.Dispose();
        }
    }
}
