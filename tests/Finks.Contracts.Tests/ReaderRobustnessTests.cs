namespace Finks.Contracts.Tests;

public sealed class ReaderRobustnessTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(ContractFiles.Folder).Select(Path.GetFileName).Order().Select(f => f!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_contract_without_any_one_line_is_read_or_has_problems_within_the_file(string file) =>
        EachVariant(file, (lines, i) => lines.Where((_, at) => at != i));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_contract_cut_off_anywhere_is_read_or_has_problems_within_the_file(string file) =>
        EachVariant(file, (lines, i) => lines.Take(i));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_contract_with_any_one_value_emptied_is_read_or_has_problems_within_the_file(string file) =>
        EachVariant(file, (lines, i) => lines.Select((line, at) => at == i ? line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)] : line));

    [Fact]
    public void A_contract_with_any_one_character_replaced_by_one_that_YAML_gives_a_meaning_never_crashes_the_reader()
    {
        const string Meaningful = "[]{}:\"'#&*!|>-?,%@\t\n ~\\";
        var characters = ContractFiles.Valid.ToCharArray();
        const int Rounds = 6;
        // Each position meets a few of the characters; they take turns from position to position.
        for (var i = 0; i < characters.Length * Rounds; i++)
        {
            var at = i % characters.Length;
            var variant = (char[])characters.Clone();
            variant[at] = Meaningful[(i / characters.Length + at) % Meaningful.Length];
            try
            {
                Assert.NotEmpty(ContractReader.Parse(new string(variant), "x").Columns);
            }
            catch (ContractException e)
            {
                Assert.NotEmpty(e.Problems);
            }
        }
    }

    private static void EachVariant(string file, Func<string[], int, IEnumerable<string>> change)
    {
        var lines = File.ReadAllLines(Path.Combine(ContractFiles.Folder, file));
        var rejected = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var variant = string.Join('\n', change(lines, i));
            try
            {
                Assert.NotEmpty(ContractReader.Parse(variant, file).Columns);
            }
            catch (ContractException e)
            {
                rejected++;
                Assert.NotEmpty(e.Problems);
                Assert.All(e.Problems, p => Assert.InRange(p.Line, 1, lines.Length + 1));
            }
        }

        Assert.InRange(rejected, lines.Length / 4, lines.Length);
    }
}
