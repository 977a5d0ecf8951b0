using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Finks.EndToEnd;

/// <summary>The arrows of docs/architecture.md point down: no project knows one that stands above or beside it.</summary>
public sealed class ArchitectureTests
{
    // From the bottom to the top; projects of one row do not know each other.
    private static readonly string[][] Layers =
    [
        ["Contracts", "Fmp", "Jinja", "Lake", "Simulator"],
        ["Cleansing", "Dbt", "Ingestion", "Orchestration"],
        ["Pipelines"],
        ["Cli"],
    ];

    public static TheoryData<string> Projects => [.. Directory.GetDirectories(Checkout.PathOf("src")).Select(f => Path.GetFileName(f)["Finks.".Length..])];

    [Fact]
    public void Every_project_has_its_place() => Assert.Equal(Layers.SelectMany(l => l).Order(), Projects.Select(p => p.Data).Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_point_down(string project)
    {
        var file = Checkout.PathOf("src", $"Finks.{project}", $"Finks.{project}.csproj");
        var references = XDocument.Load(file).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)["Finks.".Length..]);

        Assert.All(references, reference => Assert.True(LayerOf(reference) < LayerOf(project), $"{project} refers to {reference}"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Namespaces_in_use_point_down(string project)
    {
        foreach (var file in Directory.EnumerateFiles(Checkout.PathOf("src", $"Finks.{project}"), "*.cs", SearchOption.AllDirectories).Where(IsSource))
        {
            foreach (Match used in Regex.Matches(File.ReadAllText(file), @"\bFinks\.([A-Z][A-Za-z]+)"))
            {
                var other = used.Groups[1].Value;
                if (other != project && Layers.Any(l => l.Contains(other)))
                    Assert.True(LayerOf(other) < LayerOf(project), $"{file} uses Finks.{other}");
            }
        }
    }

    [Fact]
    public void Only_the_composition_root_is_excused_from_the_banned_list()
    {
        var excused = Directory.EnumerateFiles(Checkout.PathOf("src"), "*.cs", SearchOption.AllDirectories).Where(IsSource)
            .Where(f => File.ReadAllText(f).Contains("RS0030", StringComparison.Ordinal)).Select(Path.GetFileName);

        Assert.Equal(["Composition.cs"], excused);
    }

    private static bool IsSource(string file) => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");

    private static int LayerOf(string project) => Array.FindIndex(Layers, layer => layer.Contains(project));
}
