using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Finks.Contracts.Reading;

/// <summary>Collects what is wrong with one file, so that all of it is reported at once.</summary>
internal sealed class ProblemLog(string file)
{
    private readonly List<ContractProblem> _problems = [];

    public void Add(YamlNode node, string message, string whatToDo) => Add(node.Start, message, whatToDo);

    public void Add(Mark place, string message, string whatToDo) =>
        _problems.Add(new ContractProblem(file, (int)Math.Max(1, place.Line), (int)Math.Max(1, place.Column), message, whatToDo));

    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
            throw new ContractException([.. _problems.OrderBy(p => p.Line).ThenBy(p => p.Column)]);
    }
}
