using System.CommandLine;
using Finks.Cli.Output;

namespace Finks.Cli.Commands;

/// <summary>The options that say how many rows a command prints and how.</summary>
internal sealed class RowsChoice
{
    private readonly Option<int> _limit = new("--limit") { Description = "Most rows to show; 0 for all. Default 20.", DefaultValueFactory = _ => 20 };
    private readonly Option<RowFormat> _format = new("--format") { Description = "table, csv or json. Default table." };

    public void AddTo(Command command)
    {
        command.Options.Add(_limit);
        command.Options.Add(_format);
    }

    /// <summary>Most rows to read; null for all.</summary>
    /// <exception cref="UsageException">It is negative.</exception>
    public int? Limit(ParseResult parsed) => parsed.GetValue(_limit) switch
    {
        < 0 => throw new UsageException("--limit is at least 0."),
        0 => null,
        var most => most,
    };

    public RowFormat Format(ParseResult parsed) => parsed.GetValue(_format);
}
