using Finks.Dbt.Yaml;

namespace Finks.Dbt.Project;

/// <summary>What <c>dbt_project.yml</c> says. Values are as written: Jinja in them is rendered when they are used.</summary>
internal sealed record ProjectSettings
{
    public const string FileName = "dbt_project.yml";

    public required string Name { get; init; }
    public required string? Profile { get; init; }
    public required IReadOnlyList<string> ModelPaths { get; init; }
    public required IReadOnlyList<string> SeedPaths { get; init; }
    public required IReadOnlyList<string> TestPaths { get; init; }
    public required IReadOnlyList<string> MacroPaths { get; init; }
    public required YamlMapping? Models { get; init; }
    public required YamlMapping? Seeds { get; init; }
    public required YamlMapping? DataTests { get; init; }
    public required YamlMapping? Vars { get; init; }

    /// <summary>
    /// Reads the file. Keys that change nothing in a build (<c>version</c>, <c>target-path</c>, <c>clean-targets</c>, <c>docs-paths</c>,
    /// <c>require-dbt-version</c>, <c>query-comment</c>, <c>flags</c>) are accepted; any other key is an error at its line.
    /// </summary>
    public static ProjectSettings Read(string text)
    {
        var root = YamlReader.Read(text, FileName)?.AsMapping("the project file") ?? throw new DbtException("the project file is empty; it needs 'name'", FileName);
        root.AllowOnly(
            "the project file",
            "name", "version", "config-version", "profile", "model-paths", "seed-paths", "test-paths", "macro-paths", "analysis-paths", "snapshot-paths",
            "docs-paths", "asset-paths", "target-path", "log-path", "packages-install-path", "clean-targets", "require-dbt-version", "query-comment", "flags",
            "models", "seeds", "data_tests", "tests", "vars");
        if (root["config-version"] is YamlScalar { Value: not 2L } version)
            throw version.Error($"config-version {version.Text} is not supported; write 'config-version: 2'");
        if (root["tests"] is { } tests && root["data_tests"] is not null)
            throw tests.Error("'tests' and 'data_tests' cannot stand side by side; keep 'data_tests'");
        return new ProjectSettings
        {
            Name = root.RequiredText("name", "the project file"),
            Profile = root.Text("profile"),
            ModelPaths = Paths(root, "model-paths", "models"),
            SeedPaths = Paths(root, "seed-paths", "seeds"),
            TestPaths = Paths(root, "test-paths", "tests"),
            MacroPaths = Paths(root, "macro-paths", "macros"),
            Models = root.Mapping("models"),
            Seeds = root.Mapping("seeds"),
            DataTests = root.Mapping("data_tests") ?? root.Mapping("tests"),
            Vars = root.Mapping("vars"),
        };
    }

    /// <summary>The folders whose files the engine cannot run; they must hold none.</summary>
    public static IReadOnlyList<(string Folder, string Feature)> UnsupportedFolders { get; } = [("snapshots", "snapshots"), ("functions", "functions")];

    private static IReadOnlyList<string> Paths(YamlMapping root, string key, string fallback)
    {
        var given = root.List(key).Select(path => path.AsText($"an entry of '{key}'").Trim('/')).ToList();
        return given.Count > 0 ? given : [fallback];
    }
}
