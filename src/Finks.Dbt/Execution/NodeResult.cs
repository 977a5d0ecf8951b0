namespace Finks.Dbt;

public enum NodeStatus
{
    /// <summary>A model or seed was built.</summary>
    Success,

    /// <summary>A test found nothing, or less than its thresholds.</summary>
    Pass,

    /// <summary>A test reached its <c>warn_if</c>.</summary>
    Warn,

    /// <summary>A test of severity error reached its <c>error_if</c>.</summary>
    Fail,

    /// <summary>The SQL or the Jinja failed.</summary>
    Error,

    /// <summary>Something before it failed, or the run stopped early.</summary>
    Skipped,
}

/// <summary>Rows a test found wrong, at most <see cref="Limit"/> of them.</summary>
public sealed record FailingRows(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    public const int Limit = 20;
}

/// <summary>How one node went.</summary>
/// <param name="Node">The node.</param>
/// <param name="Status">What came of it.</param>
/// <param name="Elapsed">By the injected clock; zero for skipped nodes.</param>
public sealed record NodeResult(ManifestNode Node, NodeStatus Status, TimeSpan Elapsed)
{
    /// <summary>Rows a seed, table or external model holds; null for views and tests.</summary>
    public long? Rows { get; init; }

    /// <summary>What the test's <c>fail_calc</c> gave; null for models and seeds and for tests that did not run.</summary>
    public long? Failures { get; init; }

    /// <summary>Why it did not succeed, or dbt's word of success (<c>OK</c>, <c>INSERT 4</c>); null for a test that passed.</summary>
    public string? Message { get; init; }

    /// <summary>Null unless a test failed or warned.</summary>
    public FailingRows? FailingRows { get; init; }

    /// <summary>The SQL that ran; null where it could not be compiled, and for seeds.</summary>
    public string? CompiledSql { get; init; }

    /// <summary>Whether what depends on this node must not be built.</summary>
    public bool Blocks => Status is NodeStatus.Error or NodeStatus.Fail or NodeStatus.Skipped;
}

/// <summary>All results of a build, parents before children and otherwise by id, whatever ran first.</summary>
public sealed record BuildResult(IReadOnlyList<NodeResult> Results, TimeSpan Elapsed)
{
    /// <summary>True when nothing failed, broke or was skipped; warnings are allowed.</summary>
    public bool Succeeded => !Results.Any(result => result.Blocks);
}

/// <summary>What to build, and how.</summary>
public sealed record BuildOptions
{
    /// <summary>dbt selection criteria; empty takes everything.</summary>
    public IReadOnlyList<string> Select { get; init; } = [];
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>How many nodes may run side by side, each on a connection of its own. At least one.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Stops at the first failure: what has not started is skipped.</summary>
    public bool FailFast { get; init; }

    /// <summary>Drops and creates seed tables instead of emptying them, so that new column types take effect.</summary>
    public bool FullRefresh { get; init; }
}
