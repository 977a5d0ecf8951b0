namespace Finks.Contracts;

/// <summary>Contract files that cannot be used, with every problem found in them.</summary>
public sealed class ContractException : Exception
{
    public ContractException(IReadOnlyList<ContractProblem> problems)
        : base(string.Join('\n', problems)) => Problems = problems;

    /// <summary>All problems, in the order of files and lines; never empty.</summary>
    public IReadOnlyList<ContractProblem> Problems { get; }
}
