namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>A file of an environment cannot be used. Nothing was sent to a server.</summary>
public sealed class EnvironmentFileException(IReadOnlyList<string> problems)
    : Exception(string.Join('\n', problems))
{
    /// <summary>Each names file, line and column, what is wrong and what to do; never empty.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
