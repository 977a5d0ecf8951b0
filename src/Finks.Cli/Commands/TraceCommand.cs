using System.CommandLine;
using System.Globalization;
using System.Text;
using Finks.Pipelines.Gold;
using Finks.Pipelines.Reading;

namespace Finks.Cli.Commands;

/// <summary><c>finks trace TABLE --key …</c>.</summary>
internal static class TraceCommand
{
    private const int LongestRaw = 600;

    public static Command Create()
    {
        var workspace = new WorkspaceChoice();
        var table = new Argument<string?>("table") { Description = "A table of Gold or Silver.", Arity = ArgumentArity.ZeroOrOne };
        var key = new Option<string[]>("--key") { Description = "The row: --key symbol=AAPL,date=2020-08-31.", AllowMultipleArgumentsPerToken = true };
        var asOf = new PointInTimeOption("--as-of", "Trace the row as it was then");
        var limit = new Option<int>("--limit") { Description = "Most Silver rows to follow per table. Default 3.", DefaultValueFactory = _ => 3 };
        var batch = new Option<long?>("--batch") { Description = "Instead of a table: a Bronze batch by its number." };
        var line = new Option<int>("--line") { Description = "With --batch: the reply's place in it, from 0." };
        var row = new Option<int?>("--row") { Description = "With --batch: the row's place in the reply; the whole body without it." };
        var reveal = new Option<bool>("--reveal") { Description = "Show personal data in replies as it was received; without it these fields are masked." };
        var command = new Command("trace", "Follow a row back to the bytes it came from: Gold to Silver to the Bronze reply.") { table, key, limit, batch, line, row, reveal };
        asOf.AddTo(command);
        workspace.AddTo(command);
        command.SetAction(parsed =>
        {
            using var open = workspace.Open(parsed);
            var tracer = new Tracer(open, new GoldLineage(open), parsed.GetValue(reveal));
            if (parsed.GetValue(batch) is { } number)
            {
                Write(tracer.FollowReply(number, parsed.GetValue(line), parsed.GetValue(row)), int.MaxValue);
                return ExitCodes.Success;
            }

            if (parsed.GetValue(table) is not { } name || parsed.GetValue(key) is not { Length: > 0 } parts)
                throw new UsageException("Say which row: finks trace daily_returns --key symbol=AAPL,date=2020-08-31 (or --batch N --line N [--row N]).");
            return Write(tracer.Follow(name, OptionText.Key(parts), asOf.Read(parsed), parsed.GetValue(limit)));
        });
        return command;
    }

    private static int Write(Trace trace)
    {
        if (trace.Row is null)
        {
            Console.Error.WriteLine($"{trace.Table.Schema}.{trace.Table.Name} has no row with that key. Its columns are {string.Join(", ", trace.Table.Columns.Select(c => c.Name))}.");
            return ExitCodes.Failed;
        }

        Console.WriteLine($"{trace.Table.Schema}.{trace.Table.Name}");
        WriteValues(trace.Row);
        foreach (var origin in trace.Origins)
        {
            Console.WriteLine();
            if (origin.Table != $"{trace.Table.Schema}.{trace.Table.Name}")
            {
                Console.WriteLine($"← {origin.Table}");
                WriteValues(origin.Values);
            }

            Write(origin, LongestRaw);
        }

        if (trace.Origins.Count == 0)
            Console.WriteLine("\nNo Silver row stands behind it.");
        if (trace.More > 0)
            Console.WriteLine($"\nThere are more rows in {trace.More} of these tables; --limit shows more.");
        return ExitCodes.Success;
    }

    private static void Write(TracedRow origin, int longest)
    {
        var reply = origin.Reply;
        Console.WriteLine($"← bronze batch {origin.Batch.Id}, line {origin.Line}{(origin.Row is { } row ? $", row {row}" : "")}: {origin.Batch.Key}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {reply.Method} {reply.Path}?{reply.Query}  status {reply.Status}, {reply.Outcome}, {reply.Body.Length:N0} bytes, received {reply.FetchedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}"));
        Console.WriteLine($"  sha256 {reply.Sha256} (checked)");
        var raw = new StringBuilder(origin.Raw.Length > longest ? origin.Raw[..longest] + " …" : origin.Raw).Replace("\n", "\n  ");
        Console.WriteLine($"  {raw}");
    }

    private static void WriteValues(IReadOnlyList<KeyValuePair<string, string?>> values)
    {
        var width = values.Max(v => v.Key.Length);
        foreach (var (name, value) in values.Where(v => v.Value is not null))
            Console.WriteLine($"  {name.PadRight(width)}  {value}");
    }
}
