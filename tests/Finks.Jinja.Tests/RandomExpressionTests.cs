using CsCheck;

namespace Finks.Jinja.Tests;

/// <summary>Random expressions, rendered by Jinja2 in one batch and by Finks.</summary>
public class RandomExpressionTests
{
    private const int Count = 3000;

    // Fixed, so that a failure comes again; change it to search elsewhere.
    private const uint Stream = 7;
    private const ulong Seed = 20200102;

    private static readonly Gen<string> Leaf = Gen.OneOf(
        Gen.Int[-20, 20].Select(number => $"({number})"),
        OneOf("0.5", "2.0", "1e16", "1e-5", "2.675", "123456.789", "9223372036854775807", "true", "false", "none"),
        OneOf("'a'", "'Bc d'", "''", "'10'", "'2.5'", "'x-Y'", "'a,b'"),
        OneOf("numbers", "words", "name", "d.a", "nope", "price", "[1, 'a', none]", "(1, 2)", "{'k': 1}"));

    private static readonly string[] Operators =
        ["+", "-", "*", "/", "//", "%", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"];

    private static readonly string[] Suffixes =
    [
        "|upper", "|length", "|list", "|sort", "|first", "|last", "|int", "|float", "|round(1)", "|abs", "|string", "|join('-')", "|title",
        "|reverse|list", "|unique|list", "|sum", "|max", "|min", "|default('d', true)", "|tojson", "|trim", "|capitalize", "|batch(2)|list",
        "|map('string')|list", "|replace('a', 'b')", "|wordcount", "|indent", "|center(9)",
        "[0]", "[-1]", "[1:]", "[::-1]", ".upper()", ".split(',')",
        " is number", " is string", " is sequence", " is iterable", " is defined", " is odd", " is none", " is mapping",
    ];

    private static readonly Gen<string> Expression = Gen.Recursive<string>((depth, smaller) => depth > 3
        ? Leaf
        : Gen.Frequency(
            (2, Leaf),
            (4, Gen.Select(smaller, OneOf(Operators), smaller, (left, operation, right) => $"({left} {operation} {right})")),
            (3, Gen.Select(smaller, OneOf(Suffixes), (value, suffix) => $"({value}{suffix})")),
            (1, smaller.Select(value => $"(not {value})")),
            (1, smaller.Select(value => $"[{value}]")),
            (1, Gen.Select(smaller, smaller, smaller, (then, condition, otherwise) => $"({then} if {condition} else {otherwise})"))));

    private static Gen<string> OneOf(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);

    [Fact]
    public void A_random_expression_means_the_same_as_in_Jinja2()
    {
        // Repetition by a huge number would only fill the memory of both.
        var templates = Expression.Array[Count].Generate(new PCG(Stream, Seed), null, out _)
            .Select(expression => $"{{{{ {expression} }}}}")
            .Where(template => !template.Contains('*') || !(template.Contains("922337") || template.Contains("1e16") || template.Contains("123456")))
            .Distinct().ToList();
        Assert.True(templates.Count > Count / 3);
        var expected = Corpus.RenderWithJinja2(templates);
        var differences = templates.Zip(expected)
            .Select(pair => (Template: pair.First, Expected: pair.Second ?? "error", Actual: Corpus.Render(pair.First) ?? "error"))
            .Where(found => found.Expected != found.Actual && !found.Expected.Contains(" object at 0x", StringComparison.Ordinal))
            .Select(found => $"{found.Template}\n   Jinja2: {found.Expected}\n   Finks:  {found.Actual}")
            .ToList();
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
