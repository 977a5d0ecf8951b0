using YamlDotNet.Core;

namespace Finks.Contracts.Reading;

/// <summary>A contract with the places that checks over several files point to.</summary>
internal sealed record ReadContract(Contract Contract, Mark DatasetPlace, Mark RewrittenByPlace)
{
    public ContractProblem Problem(Mark place, string message, string whatToDo) =>
        new(Contract.File, (int)place.Line, (int)place.Column, message, whatToDo);
}
