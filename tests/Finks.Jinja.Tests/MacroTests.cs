namespace Finks.Jinja.Tests;

public class MacroTests
{
    private static readonly Dictionary<string, object?> WithReturn = new()
    {
        ["return"] = (JinjaFunction)(call => throw new ReturnSignal(call.Required(0, "data"))),
    };

    [Fact]
    public void A_macro_called_from_outside_returns_its_text() =>
        Assert.Equal("a-2", Call("{% macro m(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}", "m", "a"));

    [Fact]
    public void Return_ends_a_macro_keeps_the_type_and_drops_the_text() =>
        Assert.Equal(5L, Call("{% macro m() %}lost{% for i in [5, 6] %}{{ return(i) }}{% endfor %}{% endmacro %}", "m"));

    [Fact]
    public void A_returned_value_can_be_computed_with()
    {
        var template = new JinjaEnvironment().Parse("{% macro five() %}{{ return(5) }}{% endmacro %}{{ five() + 1 }}", "m.sql");
        Assert.Equal("6", template.Render(WithReturn));
    }

    [Fact]
    public void Return_in_a_call_block_ends_the_macro_that_was_called() =>
        Assert.Equal("[7]", Call("{% macro wrap() %}text{{ caller() }}{% endmacro %}{% macro m() %}[{% call wrap() %}{{ return(7) }}{% endcall %}]{% endmacro %}", "m"));

    [Fact]
    public void A_macro_called_from_outside_does_not_see_what_the_template_sets() =>
        Assert.Equal("|ctx", Call("{% set x = 1 %}{% macro m() %}{{ x }}|{{ y }}{% endmacro %}", "m", context: new() { ["y"] = "ctx" }));

    [Fact]
    public void A_macro_finds_the_macros_beside_it_unless_the_context_overrides_them()
    {
        const string Source = "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}own{% endmacro %}";
        Assert.Equal("own", Call(Source, "a"));
        Assert.Equal("other", Call(Source, "a", context: new() { ["b"] = (JinjaFunction)(_ => "other") }));
    }

    [Fact]
    public void Tests_and_materializations_are_macros_with_names_of_their_own()
    {
        const string Source = """
            {% test positive(model, column_name, limit: int = 3) %}{{ kwargs }}{% endtest %}
            {% data_test negative(model) %}{% endtest %}
            {%- materialization view, default -%}v{%- endmaterialization -%}
            {% materialization fast, adapter='duckdb', supported_languages=['sql'] %}f{% endmaterialization %}
            """;
        var macros = new JinjaEnvironment().Parse(Source, "m.sql").Macros;
        Assert.Equal(["test_positive", "test_negative", "materialization_view_default", "materialization_fast_duckdb"], macros.Select(macro => macro.Name));
        Assert.Equal([MacroKind.Test, MacroKind.Test, MacroKind.Materialization, MacroKind.Materialization], macros.Select(macro => macro.Kind));
        Assert.Equal(["model", "column_name", "limit"], macros[0].Parameters.Select(parameter => parameter.Name));
        Assert.Equal("int", macros[0].Parameters[2].Annotation);
        Assert.Equal((4, "fast", "duckdb"), (macros[3].Line, macros[3].BlockName, macros[3].Adapter));
        Assert.Equal("{%- materialization view, default -%}v{%- endmaterialization -%}", macros[2].Source.Trim());
        Assert.True(macros[0].UsesKwargs);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_an_error_with_a_position()
    {
        var error = Assert.Throws<JinjaException>(() => Call("\n{% macro m() %}{% endmacro %}", "m", 1L));
        Assert.StartsWith("m.sql:2:", error.Message, StringComparison.Ordinal);
        Assert.Contains("takes not more than 0 argument(s)", error.Message, StringComparison.Ordinal);
    }

    private static object? Call(string source, string name, params object?[] arguments) => Call(source, name, [], arguments);

    private static object? Call(string source, string name, Dictionary<string, object?> context, params object?[] arguments)
    {
        foreach (var (key, value) in WithReturn)
            context.TryAdd(key, value);
        return new JinjaEnvironment().Parse(source, "m.sql").CallMacro(name, context, arguments, new Dictionary<string, object?>());
    }
}
