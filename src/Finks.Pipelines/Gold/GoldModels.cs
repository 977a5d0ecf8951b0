using Finks.Dbt;

namespace Finks.Pipelines.Gold;

/// <summary>Finds the marts of a dbt project: models below <c>marts/DOMAIN</c>.</summary>
public static class GoldModels
{
    private const string MartsFolder = "marts";

    /// <summary>The marts, with what their properties say on layout (<c>meta: partition_by_year_of, sorted_by</c>).</summary>
    /// <exception cref="DbtException">A mart stands in no domain folder, or its meta is not as it should be.</exception>
    public static IReadOnlyList<GoldModel> Of(Manifest manifest) => [.. manifest.Nodes.Where(IsMart).Select(ToModel)];

    private static bool IsMart(ManifestNode node) => node.ResourceType == ResourceType.Model && node.Fqn.Contains(MartsFolder);

    private static GoldModel ToModel(ManifestNode node)
    {
        var folders = node.Fqn.SkipWhile(f => f != MartsFolder).Skip(1).SkipLast(1).ToList();
        if (folders.Count == 0)
            throw new DbtException($"the mart {node.Name} belongs to no domain: move it into models/{MartsFolder}/DOMAIN/", node.OriginalFilePath);
        var meta = ModelMeta.Of(node);
        return new GoldModel
        {
            Name = node.Name,
            Domain = string.Join('_', folders),
            Relation = node.Relation!.ToString(),
            Description = node.Description,
            ColumnDescriptions = node.Columns.ToDictionary(c => c.Name, c => c.Description),
            PartitionByYearOf = meta.Text("partition_by_year_of"),
            SortBy = meta.Texts("sorted_by"),
        };
    }
}
