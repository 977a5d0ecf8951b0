using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Finks.Testing;

/// <summary>
/// A real PostgreSQL server for the tests of one program, started when the first of them asks for a database. It ends with the program, even when
/// that is killed.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>Runs until its standard input closes, which the death of the test program does too. What ends the test program, such as Ctrl+C, must not end
    /// the script before it has stopped the server. Its arguments: folder, port.</summary>
    private const string Script =
        """
        trap '' HUP INT TERM
        cd "$1" || exit 1
        initdb -D "$1/data" -U finks -A trust -E UTF8 --locale=C --no-sync >"$1/log" 2>&1 &&
        pg_ctl -D "$1/data" -l "$1/log" -w -o "-p $2 -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=200" start >/dev/null &&
        echo ready && cat >/dev/null
        pg_ctl -D "$1/data" -m immediate stop >/dev/null 2>&1
        """;

    private readonly Lock _starting = new();
    private Process? _process;
    private string? _folder;
    private string? _server;
    private string? _absent;
    private int _databases;

    /// <summary>Creates an empty database; skips the test where PostgreSQL is absent.</summary>
    /// <returns>The connection string, in Npgsql's form.</returns>
    public string NewDatabase()
    {
        lock (_starting)
        {
            if (_server is null && _absent is null)
                Start();
        }

        if (_absent is not null)
            Assert.Skip(_absent);
        var name = $"lake{Interlocked.Increment(ref _databases)}";
        Execute($"CREATE DATABASE {name}");
        return $"{_server};Database={name}";
    }

    /// <summary>Ends the sessions of a database that a query on <c>pg_stat_activity</c> finds, as a failing network would.</summary>
    public static void Disconnect(string database, string where) => Execute(
        new NpgsqlConnectionStringBuilder(database) { Database = "postgres" }.ConnectionString,
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{new NpgsqlConnectionStringBuilder(database).Database}' AND {where}");

    /// <summary>Runs SQL on a connection of its own.</summary>
    public static void Execute(string database, string sql)
    {
        using var connection = new NpgsqlConnection(database + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        NpgsqlConnection.ClearAllPools();
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder!, recursive: true);
    }

    private void Execute(string sql) => Execute(_server + ";Database=postgres", sql);

    private void Start()
    {
        if (Programs() is not { } programs)
        {
            _absent = "needs PostgreSQL's server programs: apt-get install postgresql";
            return;
        }

        _folder = Directory.CreateTempSubdirectory("finks-postgres-").FullName;
        var port = FreePort();
        List<string> command = ["sh", "-c", Script, "sh", _folder, $"{port}"];
        if (Environment.UserName == "root")
        {
            // The server refuses to run as root; Debian's package has made this user.
            Oracle.Run("chown", ["postgres", _folder]);
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command];
        }

        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["PATH"] = programs + Path.PathSeparator + start.Environment["PATH"];
        _process = Process.Start(start)!;
        if (_process.StandardOutput.ReadLine() == "ready")
            _server = $"Host=127.0.0.1;Port={port};Username=finks";
        else
            _absent = "PostgreSQL did not start: " + (File.Exists(Path.Combine(_folder, "log")) ? File.ReadAllText(Path.Combine(_folder, "log")) : "no log");
    }

    /// <summary>The newest version's folder of programs; Debian keeps them out of the search path.</summary>
    private static string? Programs()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        return versions.OrderByDescending(v => double.TryParse(Path.GetFileName(v), out var number) ? number : 0).Select(v => Path.Combine(v, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
