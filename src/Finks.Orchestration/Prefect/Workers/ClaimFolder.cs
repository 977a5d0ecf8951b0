using Finks.Orchestration.Local;

namespace Finks.Orchestration.Prefect.Workers;

/// <summary>A run that a worker has asked for, and perhaps got and started.</summary>
/// <param name="Transition">Of the claim: by it the worker knows its own claim again.</param>
/// <param name="Process">What it started; null before.</param>
internal sealed record Claim(Guid Run, Guid Transition, RunProcess? Process);

/// <summary>
/// The claims of one worker, on disk before they are made: the server gives a claimed run to nobody else, so that one forgotten by a worker
/// that dies would stay Pending for ever.
/// </summary>
internal sealed class ClaimFolder : IDisposable
{
    private const string Extension = ".claim";

    private readonly string _folder;
    private readonly FileStream _lock;

    /// <exception cref="IOException">Another worker uses the folder.</exception>
    public ClaimFolder(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        try
        {
            _lock = new FileStream(Path.Combine(_folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new IOException($"Another worker remembers its runs in {_folder}: end it, or give this one a folder of its own.", taken);
        }
    }

    /// <summary>Returns when the claim would outlive a loss of power.</summary>
    public void Write(Claim claim)
    {
        var path = PathOf(claim.Run);
        var fresh = path + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write))
        using (var writer = new StreamWriter(file))
        {
            writer.Write($"{claim.Transition}\n{claim.Process}\n");
            writer.Flush();
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    public IReadOnlyList<Claim> ReadAll() => [.. Directory.GetFiles(_folder, "*" + Extension).Select(Read)];

    public void Forget(Guid run) => File.Delete(PathOf(run));

    public void Dispose() => _lock.Dispose();

    private static Claim Read(string path) => File.ReadAllLines(path) is [var transition, var process]
        ? new Claim(
            Guid.Parse(Path.GetFileNameWithoutExtension(path)), Guid.Parse(transition), process.Length == 0 ? null : RunProcess.Parse(process))
        : throw new InvalidDataException($"{path} is no claim of a worker: look at its run on the server, then delete the file.");

    private string PathOf(Guid run) => Path.Combine(_folder, run + Extension);
}
