namespace Finks.Jinja;

/// <summary>Assigning to a name, an attribute of a namespace, or several at once.</summary>
internal static class Assignment
{
    public static void Assign(Expression target, object? value, Frame frame)
    {
        switch (target)
        {
            case NameExpression name:
                frame.Set(name.Name, value);
                break;
            case NamespaceTarget member:
                if (frame.Resolve(member.Name) is not Namespace holder)
                    throw new PyError("TemplateRuntimeError", "cannot assign attribute on non-namespace object");
                holder.Attributes[member.Attribute] = value;
                break;
            case TupleExpression tuple:
                Unpack(tuple.Items, value, frame);
                break;
        }
    }

    private static void Unpack(IReadOnlyList<Expression> targets, object? value, Frame frame)
    {
        if (value is Undefined)
            throw PyError.Value($"not enough values to unpack (expected {targets.Count}, got 0)");
        var items = (PyValue.IterateOrNull(value) ?? throw PyError.Type($"cannot unpack non-iterable {PyValue.TypeName(value)} object")).ToList();
        if (items.Count > targets.Count)
            throw PyError.Value($"too many values to unpack (expected {targets.Count})");
        if (items.Count < targets.Count)
            throw PyError.Value($"not enough values to unpack (expected {targets.Count}, got {items.Count})");
        for (var index = 0; index < targets.Count; index++)
            Assign(targets[index], items[index], frame);
    }
}
