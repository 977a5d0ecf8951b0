namespace Finks.Testing;

/// <summary>A server that speaks S3, for the length of a test or of a test program.</summary>
public sealed class S3Server : IDisposable
{
    public const string AccessKey = "finks";

    public const string SecretKey = "finks-secret";

    private readonly TemporaryFolder _folder = new();
    private readonly Func<string, int?, ServerProcess> _start;
    private ServerProcess _process;

    private S3Server(Func<string, int?, ServerProcess> start)
    {
        _start = start;
        _process = start(_folder.Path, null);
        Url = _process.Url;
    }

    public string Url { get; }

    /// <summary>A real one over a folder; skips the test where it is absent.</summary>
    public static S3Server Versitygw()
    {
        var tool = Oracle.Run(Checkout.Shared("tools", "get"), ["versitygw"]);
        if (tool.ExitCode != 0)
            Assert.Skip($"versitygw cannot be had here: {tool.Error.Trim()}");
        var credentials = new Dictionary<string, string> { ["ROOT_ACCESS_KEY"] = AccessKey, ["ROOT_SECRET_KEY"] = SecretKey };
        return new S3Server((folder, port) => ServerProcess.Start(
            tool.Output.Trim(), free => ["--port", $"127.0.0.1:{free}", "--quiet", "posix", folder], credentials, port));
    }

    /// <summary>AWS's behaviour imitated in memory; takes any credentials. Skips the test where it is absent.</summary>
    public static S3Server Moto()
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(f => Path.Combine(f, "moto_server")).FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Skip("needs moto_server on the PATH: pip install 'moto[server,s3]'");
        return new S3Server((_, port) => ServerProcess.Start(program, free => ["-H", "127.0.0.1", "-p", $"{free}"], null, port));
    }

    /// <summary>What versitygw keeps of an object: a way to see it that leads past S3.</summary>
    public string PathOf(string bucket, string key) => _folder.File(bucket, key);

    public void Kill() => _process.Dispose();

    /// <summary>After <see cref="Kill"/>: on the same folder and port.</summary>
    public void Restart() => _process = _start(_folder.Path, new Uri(Url).Port);

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }
}
