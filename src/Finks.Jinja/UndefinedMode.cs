namespace Finks.Jinja;

/// <summary>What a missing variable does.</summary>
public enum UndefinedMode
{
    /// <summary>It prints nothing, is false and iterates nothing; reading its attributes, calling it or computing with it is an error (<c>jinja2.Undefined</c>).</summary>
    StrictAtUse,

    /// <summary>Its attributes, items and calls are undefined too, so that a template can be explored before its context exists.</summary>
    Chaining,
}
