using Spectre.Console;

namespace Finks.Cli.Output;

internal static class ErrorText
{
    /// <summary>Writes to standard error, the first line in red where there are colours.</summary>
    public static void Write(string message)
    {
        var lines = message.Split('\n', 2);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (console.Profile.Capabilities.Ansi && !Console.IsErrorRedirected)
            console.MarkupLine($"[red]{Markup.Escape(lines[0])}[/]");
        else
            Console.Error.WriteLine(lines[0]);
        if (lines.Length > 1)
            Console.Error.WriteLine(lines[1]);
    }
}
