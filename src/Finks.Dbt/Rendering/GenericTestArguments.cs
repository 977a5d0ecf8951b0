using System.Text.RegularExpressions;
using Finks.Jinja;

namespace Finks.Dbt.Rendering;

/// <summary>
/// Makes a generic test's written arguments into the values its macro gets (<c>core/clients/jinja.py</c>, <c>add_rendered_test_kwargs</c>): a text is
/// rendered and keeps its type; a bare <c>ref('x')</c>, <c>source(..)</c>, <c>var(..)</c> or <c>env_var(..)</c> counts as an expression;
/// <c>column_name</c> stays as it is; <c>model</c> becomes the relation, or a subquery where the test has a <c>where</c>.
/// </summary>
internal sealed partial class GenericTestArguments(JinjaEnvironment jinja, INodeScope scope, NodeContext context)
{
    public IReadOnlyDictionary<string, object?> Render(GenericTest test, string? where)
    {
        var rendered = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in test.Arguments)
        {
            rendered[name] = name switch
            {
                "column_name" => value,
                "model" => Model(PyValue.Str(value), where),
                _ => Value(value),
            };
        }

        return rendered;
    }

    private object? Model(string written, string? where)
    {
        // The ref goes through the template, because a project may have wrapped ref() in a macro of its own.
        var relation = jinja.Parse($"{{{{ {ModelCall().Match(written).Groups["call"].Value} }}}}", "a test's model").RenderNative(context);
        return string.IsNullOrEmpty(where) || !scope.Execute ? relation : $"(select * from {PyValue.Str(relation)} where {where}) dbt_subquery";
    }

    private object? Value(object? value)
    {
        switch (value)
        {
            case string text:
                if (BareCall().IsMatch(text))
                    text = $"{{{{ {text} }}}}";
                return text.Contains('{', StringComparison.Ordinal) ? jinja.Parse(text, "a test argument").RenderNative(context) : text;
            case PyList list:
                return new PyList(list.Select(Value));
            case PyDict dict:
                var rendered = new PyDict();
                foreach (var (key, item) in dict)
                    rendered[key] = Value(item);
                return rendered;
            default:
                return value;
        }
    }

    [GeneratedRegex(@"^\{\{ get_where_subquery\((?<call>.*)\) \}\}$")]
    private static partial Regex ModelCall();

    [GeneratedRegex(@"^(env_var|ref|var|source|doc)\s*\(.+\)\s*$")]
    private static partial Regex BareCall();
}
