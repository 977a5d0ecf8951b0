namespace Finks.Jinja.Tests;

public class ErrorTests
{
    private static readonly Dictionary<string, object?> Nothing = [];

    [Theory]
    [InlineData("a\n{{ 1 + 'x' }}", 2, "TypeError: unsupported operand type(s) for +: 'int' and 'str'")]
    [InlineData("\n\n  {{ x.y }}", 3, "'x' is undefined")]
    [InlineData("{{ {'a': 1}.b.c }}", 1, "'dict object' has no attribute 'b'")]
    [InlineData("{{ none.x.y }}", 1, "'None' has no attribute 'x'")]
    [InlineData("{% for i in 5 %}{% endfor %}", 1, "'int' object is not iterable")]
    [InlineData("x\n{% macro m() %}\n{{ 1 / 0 }}{% endmacro %}\n{{ m() }}", 3, "ZeroDivisionError: division by zero")]
    [InlineData("\n{{ range(200000) }}", 2, "Range too big")]
    [InlineData("\n{{ [1, 2]|random }}", 2, "JinjaEnvironment.Random")]
    public void An_error_while_rendering_names_the_file_the_line_and_the_reason(string source, int line, string reason)
    {
        var template = new JinjaEnvironment().Parse(source, "models/orders.sql");
        var error = Assert.Throws<JinjaException>(() => template.Render(Nothing));
        Assert.StartsWith($"models/orders.sql:{line}:{error.Column}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n{% include 'x' %}", 2, "the tag 'include' is not supported")]
    [InlineData("{% import 'x' as y %}", 1, "the tag 'import' is not supported")]
    [InlineData("{% extends 'x' %}", 1, "the tag 'extends' is not supported")]
    [InlineData("{% block a %}{% endblock %}", 1, "the tag 'block' is not supported")]
    [InlineData("\n{% if x %}\n", 2, "'{% if %}' is not closed")]
    [InlineData("{{ 1\n| nope }}", 2, "No filter named 'nope'")]
    [InlineData("{{ 'a", 1, "string is not closed")]
    [InlineData("{{ a b }}", 1, "got 'b'")]
    [InlineData("{# a", 1, "Missing end of comment")]
    public void A_text_that_is_no_template_is_refused_with_its_position(string source, int line, string reason)
    {
        var error = Assert.Throws<JinjaException>(() => new JinjaEnvironment().Parse(source, "m.sql"));
        Assert.Equal((line, "m.sql"), (error.Line, error.File));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_undefined_variable_is_named_by_the_error()
    {
        var template = new JinjaEnvironment().Parse("{{ missing_macro() }}", "m.sql");
        Assert.Equal("missing_macro", Assert.Throws<JinjaException>(() => template.Render(Nothing)).UndefinedName);
    }

    [Theory]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{{ m() }}")]
    public void Endless_recursion_is_an_error_and_not_the_end_of_the_process(string source)
    {
        var template = new JinjaEnvironment().Parse(source, "m.sql");
        Assert.Contains("RecursionError", OnSmallStack(() => template.Render(Nothing))?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Endlessly_nested_brackets_are_an_error_and_not_the_end_of_the_process()
    {
        var source = "{{ " + new string('(', 100_000) + "1" + new string(')', 100_000) + " }}";
        Assert.Contains("RecursionError", OnSmallStack(() => new JinjaEnvironment().Parse(source, "m.sql"))?.Message, StringComparison.Ordinal);
    }

    private static JinjaException? OnSmallStack(Action action)
    {
        JinjaException? caught = null;
        var thread = new Thread(() => caught = Assert.Throws<JinjaException>(action), maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();
        return caught;
    }
}
