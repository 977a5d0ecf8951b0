using System.Globalization;
using System.Text.Json;
using Finks.Dbt.Yaml;

namespace Finks.Dbt.Tests;

public sealed class Yaml11Tests
{
    private static readonly string[] Scalars =
    [
        "", "~", "null", "Null", "yes", "No", "on", "OFF", "y", "n", "true", "False", "TRUE", "tRUE", "0", "-0", "+12", "1_000", "0777", "08", "0o17", "0x1F", "0b101", "12:30", "1:2:3", "190:20:30.15",
        "1e3", "1.0e+3", "1.0e3", "1.", ".5", "-.5", "1_0.5", ".inf", "-.INF", "+.inf", ".", "-", "1.2.3", "9223372036854775808", "2024-01-01", "2024-1-1", "2024-01-01 10:11:12", "2024-01-01T10:11:12.5Z",
        "2024-01-01 10:11:12 +02:00", "text", "1a", "0.25", "007", "1_", "_1", "123456789012345678901234567890", "-1.5e-7",
    ];

    [Theory]
    [InlineData("yes", true)]
    [InlineData("Off", false)]
    [InlineData("y", "y")]
    [InlineData("0777", 511L)]
    [InlineData("12:30", 750L)]
    [InlineData("1_000", 1000L)]
    [InlineData("1e3", "1e3")]
    [InlineData("1.0e+3", 1000d)]
    [InlineData("~", null)]
    public void A_plain_scalar_means_what_YAML_1_1_says(string text, object? meaning) => Assert.Equal(meaning, Yaml11.Resolve(text));

    [Fact]
    public void Plain_scalars_mean_what_PyYAML_reads()
    {
        const string Script = """
            import sys, json, yaml
            for text in json.loads(sys.stdin.read() or sys.argv[1]):
                value = yaml.load('- ' + text, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))[0]
                if hasattr(value, 'utctimetuple') and value.tzinfo is not None:
                    value = value.astimezone(__import__('datetime').timezone.utc).replace(tzinfo=None)
                print(type(value).__name__ + ' ' + str(value))
            """;
        var texts = Scalars.Where(text => text is not "-").ToArray();
        var run = Oracle.Run(Oracle.Python("dbt"), ["-c", Script, JsonSerializer.Serialize(texts)]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(run.Output.TrimEnd('\n').Split('\n').Zip(texts, (read, text) => $"{text} = {read}"), texts.Select(text => $"{text} = {AsPython(Yaml11.Resolve(text))}"));
    }

    [Fact]
    public void A_later_key_wins_and_merged_keys_yield()
    {
        var root = YamlReader.Read("base: &base {a: 1, b: 2}\nderived:\n  <<: *base\n  b: 3\n  b: 4\n", "x.yml")!.AsMapping("root");
        var derived = root.Mapping("derived")!;
        Assert.Equal([("a", 1L), ("b", 4L)], derived.Entries.Select(entry => (entry.Key.Text, (long)((YamlScalar)entry.Value).Value!)));
    }

    [Fact]
    public void Broken_YAML_names_file_and_line()
    {
        var error = Assert.Throws<DbtException>(() => YamlReader.Read("a: 1\nb: [1\n", "models/x.yml"));
        Assert.StartsWith("models/x.yml:", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Line);
    }

    private static string AsPython(object? value) => value switch
    {
        null => "NoneType None",
        bool flag => $"bool {(flag ? "True" : "False")}",
        string text => $"str {text}",
        double number => $"float {Finks.Jinja.PyValue.Str(number)}",
        DateOnly day => $"date {day:yyyy-MM-dd}",
        DateTime moment => $"datetime {Finks.Jinja.PyValue.Str(moment)}",
        _ => $"int {string.Format(CultureInfo.InvariantCulture, "{0}", value)}",
    };
}
