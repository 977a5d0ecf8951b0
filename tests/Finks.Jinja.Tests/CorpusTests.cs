namespace Finks.Jinja.Tests;

public class CorpusTests
{
    public static TheoryData<string, string?> Cases()
    {
        var data = new TheoryData<string, string?>();
        foreach (var (template, expected) in Corpus.Stored().DistinctBy(entry => entry.Template))
            data.Add(template, expected);
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_template_renders_to_what_Jinja2_renders(string template, string? expected) =>
        Assert.Equal(expected ?? "error", Corpus.Render(template) ?? "error");

    [Fact]
    public void The_stored_expectations_are_those_of_the_real_Jinja2()
    {
        var stored = Corpus.Stored();
        Assert.True(stored.Count >= 350, $"the corpus has only {stored.Count} cases");
        var real = Corpus.RenderWithJinja2([.. stored.Select(entry => entry.Template)]);
        Assert.Equal(stored.Select(entry => entry.Expected), real);
    }
}
