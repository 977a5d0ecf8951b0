namespace Finks.Cli.Chaos;

/// <summary>In what a lake differs from the undisturbed one.</summary>
/// <param name="Lost">Rows of Silver that are missing.</param>
/// <param name="Doubled">Rows of Silver that are there more often, or only here.</param>
/// <param name="GoldEqual">Whether the live files of Gold lie in the same folders and have the same bytes.</param>
/// <param name="Problems">Whatever else does not hold, and the tables whose rows differ.</param>
internal sealed record Difference(long Lost, long Doubled, bool GoldEqual, IReadOnlyList<string> Problems)
{
    public bool None => Lost == 0 && Doubled == 0 && GoldEqual && Problems.Count == 0;

    public override string ToString() =>
        $"{Lost} rows lost, {Doubled} rows doubled, Gold {(GoldEqual ? "byte-equal" : "differs")}{string.Concat(Problems.Select(p => "\n  " + p))}";
}
