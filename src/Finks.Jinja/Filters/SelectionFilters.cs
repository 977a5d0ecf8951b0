namespace Finks.Jinja;

/// <summary>Filters that pick or change each item. Like Jinja's, they return generators that can be walked once.</summary>
internal static class SelectionFilters
{
    public static void AddTo(Dictionary<string, JinjaFunction> filters)
    {
        filters["map"] = Map;
        filters["select"] = call => Select(call, byAttribute: false, keep: true);
        filters["reject"] = call => Select(call, byAttribute: false, keep: false);
        filters["selectattr"] = call => Select(call, byAttribute: true, keep: true);
        filters["rejectattr"] = call => Select(call, byAttribute: true, keep: false);
    }

    private static PyIterator Map(CallArguments call)
    {
        var change = Change(call);
        return new PyIterator("generator", PyValue.Truthy(call.Positional[0]) || call.Positional[0] is PyIterator ? PyValue.Iterate(call.Positional[0]).Select(change) : []);
    }

    private static Func<object?, object?> Change(CallArguments call)
    {
        if (call.Positional.Count == 1 && call.Keyword.TryGetValue("attribute", out var attribute))
        {
            if (call.Keyword.Keys.FirstOrDefault(key => key is not ("attribute" or "default")) is { } unknown)
                throw new PyError("FilterArgumentError", $"Unexpected keyword argument '{unknown}'");
            var hasDefault = call.Keyword.TryGetValue("default", out var otherwise);
            return AttributePath.Getter(call.Environment, attribute, otherwise, hasDefault && otherwise is not null);
        }

        if (call.Positional.Count < 2)
            throw new PyError("FilterArgumentError", "map requires a filter argument");
        var name = PyValue.Str(call.Positional[1]);
        if (!call.Environment.Filters.TryGetValue(name, out var filter))
            throw new PyError("TemplateRuntimeError", $"No filter named '{name}'.");
        var rest = call.Positional.Skip(2).ToList();
        return item => PyValue.FromClr(filter(new CallArguments(call.Environment, [item, .. rest], call.Keyword, call.File, call.Line)));
    }

    private static PyIterator Select(CallArguments call, bool byAttribute, bool keep)
    {
        var source = call.Positional[0];
        if (!PyValue.Truthy(source))
            return new PyIterator("generator", []);
        var offset = byAttribute ? 2 : 1;
        if (call.Positional.Count < offset)
            throw new PyError("FilterArgumentError", "Missing parameter for attribute name");
        var get = AttributePath.Getter(call.Environment, byAttribute ? call.Positional[1] : null);
        var holds = Condition(call, offset);
        return new PyIterator("generator", PyValue.Iterate(source).Where(item => holds(get(item)) == keep));
    }

    private static Func<object?, bool> Condition(CallArguments call, int offset)
    {
        if (call.Positional.Count == offset)
            return PyValue.Truthy;
        var name = PyValue.Str(call.Positional[offset]);
        if (!call.Environment.Tests.TryGetValue(name, out var test))
            throw new PyError("TemplateRuntimeError", $"No test named '{name}'.");
        var rest = call.Positional.Skip(offset + 1).ToList();
        return item => PyValue.Truthy(test(new CallArguments(call.Environment, [item, .. rest], call.Keyword, call.File, call.Line)));
    }
}
