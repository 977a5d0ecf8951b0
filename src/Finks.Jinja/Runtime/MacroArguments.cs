namespace Finks.Jinja;

/// <summary>How the arguments of a call meet the parameters of a macro (jinja2.runtime.Macro).</summary>
internal static class MacroArguments
{
    /// <summary>Marks a parameter that the call did not give, until its default is known.</summary>
    private static readonly object NotGiven = new();

    public static void Bind(MacroDefinition macro, CallArguments call, Frame frame)
    {
        var parameters = macro.Parameters;
        var keywords = new Dictionary<string, object?>(call.Keyword);
        var callerIsParameter = parameters.Any(parameter => parameter.Name == "caller");
        for (var index = 0; index < parameters.Count; index++)
        {
            var name = parameters[index].Name;
            if (index < call.Positional.Count)
                frame.Set(name, PyValue.FromClr(call.Positional[index]));
            else
                frame.Set(name, keywords.Remove(name, out var value) ? PyValue.FromClr(value) : NotGiven);
        }

        if (macro.UsesCaller && !callerIsParameter)
            frame.Set("caller", keywords.Remove("caller", out var caller) ? caller : frame.Environment.MissingBecause("No caller defined", "caller"));
        BindRest(macro, call, keywords, frame);
    }

    /// <summary>Defaults are evaluated at each call, in order, and may use earlier parameters.</summary>
    public static void ApplyDefaults(MacroDefinition macro, Frame frame)
    {
        foreach (var parameter in macro.Parameters)
        {
            if (!ReferenceEquals(frame.Resolve(parameter.Name), NotGiven))
                continue;
            frame.Set(parameter.Name, frame.Environment.MissingBecause($"parameter '{parameter.Name}' was not provided", parameter.Name));
            if (parameter.Default is not null)
                frame.Set(parameter.Name, parameter.Default.Evaluate(frame));
        }
    }

    private static void BindRest(MacroDefinition macro, CallArguments call, Dictionary<string, object?> keywords, Frame frame)
    {
        if (macro.UsesKwargs)
        {
            frame.Set("kwargs", new PyDict(keywords.Select(pair => KeyValuePair.Create(pair.Key, PyValue.FromClr(pair.Value)))));
        }
        else if (keywords.Count > 0)
        {
            throw PyError.Type(keywords.ContainsKey("caller")
                ? $"macro '{macro.Name}' was called by a call block but never uses caller()"
                : $"macro '{macro.Name}' takes no keyword argument '{keywords.Keys.First()}'");
        }

        var extra = call.Positional.Skip(macro.Parameters.Count).Select(PyValue.FromClr);
        if (macro.UsesVarargs)
            frame.Set("varargs", new PyTuple([.. extra]));
        else if (call.Positional.Count > macro.Parameters.Count)
            throw PyError.Type($"macro '{macro.Name}' takes not more than {macro.Parameters.Count} argument(s)");
    }
}
