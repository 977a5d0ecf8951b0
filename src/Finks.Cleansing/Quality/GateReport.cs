using System.Text;
using Finks.Contracts;

namespace Finks.Cleansing.Quality;

/// <summary>Says why a gate is shut and what to do.</summary>
internal static class GateReport
{
    /// <param name="results">Of all datasets; those that block are named first, other failures after them.</param>
    /// <param name="command">The command to run again: <c>finks cleanse</c>.</param>
    public static string Explain(IEnumerable<CheckResult> results, string command)
    {
        var all = results.ToList();
        var blocking = all.Where(r => r.Blocks).ToList();
        var text = new StringBuilder("The gate before Silver is shut: nothing was committed, the last snapshot stays, and Bronze keeps the replies.\n");
        foreach (var result in blocking)
            Describe(text, result);
        foreach (var result in all.Where(r => r.Outcome == CheckOutcome.Failed && !r.Blocks && r.Consequence.Severity != Severity.Info))
            Describe(text, result);
        text.Append($"Mend what is wrong, then run `{command}` again. To accept it knowingly, for one run: `{command}");
        foreach (var result in blocking)
            text.Append($" --accept {result.Dataset}.{result.Check}");
        return text.Append($"`.\nAll results: `finks quality {blocking[0].Dataset}`.").ToString();
    }

    private static void Describe(StringBuilder text, CheckResult result)
    {
        text.Append($"  {result.Consequence.Severity.ToString().ToLowerInvariant()}: {result.Dataset} {result.Check}: {result.Found}\n");
        text.Append($"    expected: {result.Expected}\n");
        if (result.BusinessImpact is { } impact)
            text.Append($"    impact: {impact}\n");
        foreach (var example in result.Examples)
            text.Append($"    {example.Text}  (`{example.Place}`)\n");
        if (result.Blocks && result.Remedy is { } remedy)
            text.Append($"    {remedy}\n");
    }
}
