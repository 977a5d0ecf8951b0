namespace Finks.Jinja;

/// <summary>
/// What templates share: globals, filters, tests and the meaning of a missing variable. Behaves like Jinja 3.1's
/// <c>SandboxedEnvironment</c> with default settings and the extensions <c>do</c> and <c>loopcontrols</c>, without autoescaping and
/// without a loader. What differs: text marked safe (by <c>tojson</c>, <c>escape</c>, <c>safe</c>) is an ordinary string; a slice of
/// what has no slices is always an error; sets keep the order of insertion. Fill it before parsing; afterwards templates may be rendered from several threads.
/// </summary>
public sealed class JinjaEnvironment
{
    public IDictionary<string, object?> Globals { get; } = BuiltinGlobals.Create();

    /// <summary>By name. <c>Positional[0]</c> is the value left of the bar.</summary>
    public IDictionary<string, JinjaFunction> Filters { get; } = BuiltinFilters.Create();

    /// <summary>By name. <c>Positional[0]</c> is the value left of <c>is</c>; the result is read as true or false.</summary>
    public IDictionary<string, JinjaFunction> Tests { get; } = BuiltinTests.Create();

    public UndefinedMode Undefined { get; init; } = UndefinedMode.StrictAtUse;

    /// <summary>Where the filter <c>random</c> draws from. Without it the filter is an error, so that a render can be repeated.</summary>
    public Random? Random { get; init; }

    /// <param name="source">The template's text; line ends may be of any kind.</param>
    /// <param name="file">The name to put into error messages.</param>
    /// <exception cref="JinjaException">The text is not a template, or uses a filter or test that is not there.</exception>
    public Template Parse(string source, string file)
    {
        var parser = new Parser(this, source, file);
        return new Template(this, file, parser.ParseTemplate());
    }

    /// <summary>Parses and renders natively at once: see <see cref="Template.RenderNative"/>.</summary>
    public object? EvaluateNative(string source, string file, IReadOnlyDictionary<string, object?> context) =>
        Parse(source, file).RenderNative(context);

    internal Undefined Missing(string name) => new(Undefined, name);

    internal Undefined MissingMember(object? owner, object? key) => new(Undefined, owner, key);

    internal Undefined MissingBecause(string reason, string? name = null) => Finks.Jinja.Undefined.Because(Undefined, reason, name);
}
