namespace Finks.Jinja.Tests;

public class HostTests
{
    [Fact]
    public void A_host_object_prints_compares_and_answers_attributes()
    {
        var context = new Dictionary<string, object?> { ["r"] = new Relation("s", "t"), ["same"] = new Relation("s", "t") };
        const string Source = "{{ r }} {{ r ~ 'x' }} {{ r.schema }} {{ r == same }} {{ {r: 1}[same] }} {{ [r] }} {{ r.nope is defined }} {{ r._secret is defined }}";
        Assert.Equal("s.t s.tx s True 1 [<s.t>] False False", new JinjaEnvironment().Parse(Source, "m.sql").Render(context));
    }

    [Fact]
    public void A_function_learns_its_arguments_and_where_it_was_called()
    {
        CallArguments? seen = null;
        var context = new Dictionary<string, object?> { ["f"] = (JinjaFunction)(call => { seen = call; return 3; }) };
        Assert.Equal("\n4", new JinjaEnvironment().Parse("\n{{ f(1, 'a', k=[2]) + 1 }}", "m.sql").Render(context));
        Assert.Equal([1L, "a"], seen!.Positional);
        Assert.Equal(("m.sql", 2), (seen.File, seen.Line));
        Assert.Equal("[2]", PyValue.Str(seen.Keyword["k"]));
    }

    [Theory]
    [InlineData("{{ [1, 2] }}", "[1, 2]", "list")]
    [InlineData("{{ 5 }}", "5", "int")]
    [InlineData("{{ true }}", "True", "bool")]
    [InlineData("a{{ 5 }}", "a5", "str")]
    [InlineData("{{ 5 }}{{ 6 }}", "56", "str")]
    [InlineData("plain", "plain", "str")]
    [InlineData("{% if true %}{{ 5 }}{% endif %}", "5", "int")]
    [InlineData("", "", "str")]
    [InlineData("{{ none }}", "None", "NoneType")]
    public void A_single_expression_keeps_its_type_when_rendered_natively(string source, string text, string type)
    {
        var value = new JinjaEnvironment().EvaluateNative(source, "p.yml", new Dictionary<string, object?>());
        Assert.Equal((text, type), (PyValue.Str(value), PyValue.TypeName(value)));
    }

    [Fact]
    public void A_chaining_environment_explores_what_is_not_there()
    {
        var environment = new JinjaEnvironment { Undefined = UndefinedMode.Chaining };
        Assert.Equal("||", environment.Parse("{{ a.b.c }}|{{ a['b'](1).d }}|{% for i in a.b %}x{% endfor %}", "m.sql").Render(new Dictionary<string, object?>()));
    }

    [Fact]
    public void Literal_calls_can_be_found_with_their_lines()
    {
        var root = new JinjaEnvironment().Parse("select 1\n{% if x %}{{ ref('a') }}{% endif %}\n{{ ref('b', v=2)|upper }}", "m.sql").Root;
        var calls = root.Descendants().OfType<CallExpression>().Where(call => call.Callee is NameExpression { Name: "ref" });
        Assert.Equal([("a", 2), ("b", 3)], calls.Select(call => ((string)((LiteralExpression)call.Arguments.Positional[0]).Value!, call.Line)));
    }

    [Fact]
    public void Own_filters_and_tests_join_the_built_in_ones()
    {
        var environment = new JinjaEnvironment();
        environment.Filters["twice"] = call => PyValue.Multiply(call.Positional[0], 2L);
        environment.Tests["short"] = call => PyValue.Str(call.Positional[0]).Length < 3;
        Assert.Equal("42 True", environment.Parse("{{ 21|twice }} {{ 'ab' is short }}", "m.sql").Render(new Dictionary<string, object?>()));
    }

    [Fact]
    public void Random_draws_from_the_source_it_is_given()
    {
        var environment = new JinjaEnvironment { Random = new Random(7) };
        Assert.Contains(environment.Parse("{{ [1, 2, 3]|random }}", "m.sql").Render(new Dictionary<string, object?>()), "123", StringComparison.Ordinal);
    }

    private sealed record Relation(string Schema, string Name) : IJinjaObject
    {
        public string ToJinjaString() => $"{Schema}.{Name}";

        public string ToJinjaRepr() => $"<{ToJinjaString()}>";

        public bool TryGetAttribute(string name, out object? value)
        {
            value = name is "schema" or "_secret" ? Schema : null;
            return value is not null;
        }
    }
}
