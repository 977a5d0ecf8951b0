namespace Finks.Contracts;

/// <summary>One thing that is wrong with a contract file.</summary>
/// <param name="File">The file, as it was named to the reader.</param>
/// <param name="Line">Line of the mistake, from 1.</param>
/// <param name="Column">Column of the mistake, from 1.</param>
/// <param name="Message">What is wrong, with the value found.</param>
/// <param name="WhatToDo">How to mend it.</param>
public sealed record ContractProblem(string File, int Line, int Column, string Message, string WhatToDo)
{
    /// <summary>The form that editors and terminals turn into a link: <c>contracts/fmp/split.odcs.yaml:12:5: message</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message} {WhatToDo}";
}
