using DuckDB.NET.Data;
using Finks.Lake.Files;

namespace Finks.Lake;

/// <summary>
/// An in-memory DuckDB for the work of one stage, in UTC. Beyond its memory limit it spills to a folder of its own below the lake's home,
/// which goes with it.
/// </summary>
public sealed class ScratchDatabase : IDisposable
{
    /// <summary>Memory that the buffers may take. Measured: a million price rows are cleansed as fast with this as without a limit.</summary>
    private const int MemoryMb = 512;

    private readonly string _spillFolder;

    private ScratchDatabase(DuckDBConnection connection, string spillFolder) => (Connection, _spillFolder) = (connection, spillFolder);

    public DuckDBConnection Connection { get; }

    /// <summary>Opens one beside <paramref name="lake"/>.</summary>
    /// <param name="threads">Threads that DuckDB may use.</param>
    /// <param name="memoryMb">Memory that its buffers may take, in MB; what lies beyond is spilled.</param>
    public static ScratchDatabase Open(DataLake lake, int threads, int memoryMb = MemoryMb)
    {
        var spillFolder = Path.Combine(lake.Paths.Home, ".scratch", lake.Ids.Next().ToString("N"));
        // DuckDB itself makes no more than the last folder of the path, and only when it spills.
        Directory.CreateDirectory(spillFolder);
        var connection = DuckDb.OpenInMemory();
        connection.Execute($"set threads = {threads}; set memory_limit = '{memoryMb}MB'; set temp_directory = {SqlText.Literal(spillFolder)}");
        return new ScratchDatabase(connection, spillFolder);
    }

    public void Dispose()
    {
        Connection.Dispose();
        if (Directory.Exists(_spillFolder))
            Directory.Delete(_spillFolder, recursive: true);
    }
}
