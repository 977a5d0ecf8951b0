using System.CommandLine;

namespace Finks.Cli.Commands;

/// <summary>The option by which a user knowingly lets a failed check pass.</summary>
internal sealed class AcceptChoice
{
    private readonly Option<string[]> _accept = new("--accept")
    {
        Description = "Checks whose failure shall not block this run: rows_refused, or dividend.rows_refused for one dataset. `finks quality` names them.",
        AllowMultipleArgumentsPerToken = true,
    };

    public void AddTo(Command command) => command.Options.Add(_accept);

    public IReadOnlyList<string> Read(ParseResult parsed) =>
        [.. (parsed.GetValue(_accept) ?? []).SelectMany(a => a.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
}
