using System.Text.Json;

namespace Finks.Jinja.Tests;

/// <summary>A template and what Jinja2 makes of it: a text, or null where it raises an error.</summary>
public sealed record CorpusCase(string Template, string? Expected);

/// <summary>The stored answers of Jinja2 (see make_corpus.py), and Jinja2 itself where it is installed.</summary>
internal static class Corpus
{
    private static readonly string Folder = Checkout.PathOf("tests", "Finks.Jinja.Tests");

    public static IReadOnlyList<CorpusCase> Stored()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "Corpus.json")));
        return [.. json.RootElement.EnumerateArray().Select(entry =>
            new CorpusCase(entry.GetProperty("template").GetString()!, Text(entry.GetProperty("expected"))))];
    }

    /// <summary>What the real Jinja2 makes of templates; skips the test where it is absent.</summary>
    public static IReadOnlyList<string?> RenderWithJinja2(IReadOnlyList<string> templates)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("templates.json");
        File.WriteAllText(file, JsonSerializer.Serialize(templates));
        var result = Oracle.Run(Oracle.Python("dbt"), [Path.Combine(Folder, "make_corpus.py"), "--render", file]);
        Assert.True(result.ExitCode == 0, result.Error);
        using var json = JsonDocument.Parse(result.Output);
        return [.. json.RootElement.EnumerateArray().Select(Text)];
    }

    /// <summary>What Finks makes of a template in the context of make_corpus.py; null for an error of the template.</summary>
    public static string? Render(string template)
    {
        try
        {
            return new JinjaEnvironment().Parse(template, "case.sql").Render(SampleContext.Create());
        }
        catch (JinjaException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement expected) => expected.ValueKind == JsonValueKind.String ? expected.GetString() : null;
}
