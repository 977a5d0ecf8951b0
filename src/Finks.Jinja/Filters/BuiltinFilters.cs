namespace Finks.Jinja;

/// <summary>Jinja's filters, gathered from the files beside this one.</summary>
internal static class BuiltinFilters
{
    public static Dictionary<string, JinjaFunction> Create()
    {
        var filters = new Dictionary<string, JinjaFunction>();
        TextFilters.AddTo(filters);
        MarkupFilters.AddTo(filters);
        WrapFilters.AddTo(filters);
        NumberFilters.AddTo(filters);
        SequenceFilters.AddTo(filters);
        SelectionFilters.AddTo(filters);
        OrderFilters.AddTo(filters);
        filters["count"] = filters["length"];
        filters["d"] = filters["default"];
        filters["e"] = filters["escape"];
        return filters;
    }

    public static void Define(this Dictionary<string, JinjaFunction> filters, string name, int required, string[] parameters, Func<Bound, object?> body) =>
        filters[name] = Signature.Define(name, required, parameters, body);

    public static void Define(this Dictionary<string, JinjaFunction> filters, string name, Func<object?, object?> body) =>
        filters[name] = Signature.Define(name, 1, ["value"], a => body(a[0]));
}
