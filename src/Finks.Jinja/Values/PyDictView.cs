namespace Finks.Jinja;

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> of a dict return: a live view.</summary>
internal sealed class PyDictView(PyDict dict, string typeName, Func<KeyValuePair<object?, object?>, object?> select) : PyObject
{
    public override string TypeName => typeName;

    internal override bool IsTrue => dict.Count > 0;

    internal override int? Length => dict.Count;

    internal override IEnumerable<object?> Iterate()
    {
        var count = dict.Count;
        foreach (var pair in dict.ToList())
        {
            if (dict.Count != count)
                throw new PyError("RuntimeError", "dictionary changed size during iteration");
            yield return select(pair);
        }
    }

    internal override void WriteRepr(ReprWriter writer) => writer.Items(this, typeName + "([", Iterate(), "])");
}
