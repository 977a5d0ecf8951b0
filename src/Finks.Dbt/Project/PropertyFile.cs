using Finks.Dbt.Yaml;

namespace Finks.Dbt.Project;

/// <summary>A column as a property file describes it.</summary>
internal sealed record ColumnProperties(string Name, string Description, string? DataType, bool Quote, IReadOnlyList<string> Tags, IReadOnlyList<YamlNode> Tests);

/// <summary>What a property file says about one model, seed, singular test or source table.</summary>
internal sealed record NodeProperties(
    string Name, string Description, IReadOnlyList<ColumnProperties> Columns, YamlMapping? Config, IReadOnlyList<YamlNode> Tests, YamlMapping Source)
{
    public string File => Source.File;
    public int Line => Source.Line;

    /// <summary>Top-level <c>tags</c>, <c>meta</c> and <c>docs</c>, the older spelling of the same configs.</summary>
    public required YamlMapping Outer { get; init; }
}

/// <summary>A table of a source, with what its source says for all its tables.</summary>
internal sealed record SourceTableProperties(
    YamlMapping Source, string SourceName, string? Database, string? Schema, YamlMapping? SourceConfig, NodeProperties Table, string? Identifier);

/// <summary>One <c>.yml</c> file of properties, split into its entries.</summary>
internal sealed record PropertyFile(
    ProjectFile File,
    IReadOnlyList<NodeProperties> Models,
    IReadOnlyList<NodeProperties> Seeds,
    IReadOnlyList<NodeProperties> DataTests,
    IReadOnlyList<SourceTableProperties> Sources,
    IReadOnlyList<NodeProperties> Macros)
{
    public static PropertyFile Read(ProjectFile file)
    {
        if (YamlReader.Read(System.IO.File.ReadAllText(file.FullPath), file.Path) is not { } node)
            return new PropertyFile(file, [], [], [], [], []);
        var root = node.AsMapping("a property file");
        root.AllowOnly("a property file", "version", "anchors", "models", "seeds", "sources", "macros", "data_tests");
        return new PropertyFile(
            file,
            [.. root.List("models").Select(ReadNode)],
            [.. root.List("seeds").Select(ReadNode)],
            [.. root.List("data_tests").Select(ReadNode)],
            [.. root.List("sources").SelectMany(ReadSource)],
            [.. root.List("macros").Select(ReadMacro)]);
    }

    private static NodeProperties ReadNode(YamlNode node)
    {
        var entry = node.AsMapping("an entry");
        var name = entry.RequiredText("name", "an entry");
        entry.AllowOnly($"'{name}'", "name", "description", "columns", "config", "data_tests", "tests", "tags", "meta", "docs");
        return ReadBody(entry, name);
    }

    private static NodeProperties ReadBody(YamlMapping entry, string name) =>
        new(name, Description(entry), [.. entry.List("columns").Select(ReadColumn)], entry.Mapping("config"), ReadTests(entry), entry)
        {
            Outer = entry,
        };

    private static ColumnProperties ReadColumn(YamlNode node)
    {
        var column = node.AsMapping("a column");
        var name = column.RequiredText("name", "a column");
        column.AllowOnly($"column '{name}'", "name", "description", "data_type", "quote", "tags", "meta", "config", "data_tests", "tests");
        var quote = column["quote"] is YamlScalar { Value: true };
        return new ColumnProperties(name, Description(column), column.Text("data_type"), quote, Tags(column), ReadTests(column));
    }

    private static string Description(YamlMapping owner)
    {
        var text = owner.Text("description") ?? "";
        return text.Contains("{{", StringComparison.Ordinal)
            ? throw owner["description"]!.Error("Jinja in a description, such as doc(), is not supported; write the text itself")
            : text;
    }

    private static IReadOnlyList<string> Tags(YamlMapping column)
    {
        var tags = column.Mapping("config")?["tags"] ?? column["tags"];
        return tags is YamlSequence list ? [.. list.Items.Select(tag => tag.AsText("a tag"))] : tags is null ? [] : [tags.AsText("'tags'")];
    }

    private static IReadOnlyList<YamlNode> ReadTests(YamlMapping owner)
    {
        if (owner["tests"] is { } old && owner["data_tests"] is not null)
            throw old.Error("'tests' and 'data_tests' cannot stand side by side; keep 'data_tests'");
        return [.. owner.List(owner["tests"] is null ? "data_tests" : "tests")];
    }

    private static IEnumerable<SourceTableProperties> ReadSource(YamlNode node)
    {
        var source = node.AsMapping("a source");
        var name = source.RequiredText("name", "a source");
        source.AllowOnly($"source '{name}'", "name", "description", "database", "schema", "loader", "tables", "config", "meta", "tags", "freshness", "loaded_at_field");
        foreach (var item in source.List("tables"))
        {
            var table = item.AsMapping($"a table of source '{name}'");
            var tableName = table.RequiredText("name", $"a table of source '{name}'");
            table.AllowOnly(
                $"source table '{name}.{tableName}'",
                "name", "description", "identifier", "columns", "config", "data_tests", "tests", "meta", "tags", "docs", "loader", "freshness", "loaded_at_field");
            yield return new SourceTableProperties(
                source, name, source.Text("database"), source.Text("schema"), source.Mapping("config"),
                ReadBody(table, tableName), table.Text("identifier"));
        }
    }

    private static NodeProperties ReadMacro(YamlNode node)
    {
        var macro = node.AsMapping("a macro");
        var name = macro.RequiredText("name", "a macro");
        macro.AllowOnly($"macro '{name}'", "name", "description", "arguments", "docs", "meta", "config");
        return new NodeProperties(name, Description(macro), [], null, [], macro) { Outer = macro };
    }
}
