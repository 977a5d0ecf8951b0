namespace Finks.Lake;

/// <summary>
/// Places that a process passes while it changes a lake, told to <see cref="LakeOptions.Reached"/>: tests and <c>finks chaos</c> end the process
/// there, or make it fail.
/// </summary>
public static class KillPoint
{
    /// <summary>A data file is written and not yet stored.</summary>
    public const string FileStaged = "file-staged";

    /// <summary>Data files are stored and no snapshot names them.</summary>
    public const string FilesStored = "files-stored";

    /// <summary>A statement is about to run on the catalog's database.</summary>
    public const string Statement = "statement";

    /// <summary>All of a transaction is written, not yet committed.</summary>
    public const string BeforeCommit = "before-commit";

    /// <summary>A transaction is committed, and the caller does not know yet.</summary>
    public const string AfterCommit = "after-commit";

    /// <summary>A compaction has written its files.</summary>
    public const string Compacted = "compacted";

    public static IReadOnlyList<string> All { get; } = [FileStaged, FilesStored, Statement, BeforeCommit, AfterCommit, Compacted];
}
