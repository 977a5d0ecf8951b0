using YamlDotNet.RepresentationModel;

namespace Finks.Contracts.Reading;

/// <summary>The list <c>customProperties</c> of a contract or a column, read as if each property were a key.</summary>
internal static class CustomProperties
{
    public static MappingReader Of(MappingReader parent, IReadOnlyCollection<string> known)
    {
        var entries = new Dictionary<string, (YamlNode Key, YamlNode Value)>(StringComparer.Ordinal);
        foreach (var item in parent.Mappings("customProperties", i => $"{parent.Subject}: custom property {i}"))
        {
            item.CheckKeys(OdcsKeys.CustomProperty);
            var name = item.Text("property", required: true);
            if (!item.Has("value"))
                item.Problems.Add(item.Node, $"{item.Subject} lacks the required key 'value'.", "Add 'value: …'.");
            if (name is null || !item.Has("value"))
                continue;
            var key = item.PlaceOf("property");
            if (!known.Contains(name))
                item.Problems.Add(key, $"{parent.Subject} has the unknown custom property '{name}'.", NearestName.Advice(name, known));
            else if (!entries.TryAdd(name, (key, item.PlaceOf("value"))))
                item.Problems.Add(key, $"{parent.Subject} has the custom property '{name}' twice.", "Remove one.");
        }

        var place = parent.PlaceOf("customProperties");
        return new MappingReader(entries, place, $"the list customProperties of {parent.Subject}", parent.Problems, "Add '- property: {0}' with a value.");
    }
}
