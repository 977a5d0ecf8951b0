namespace Finks.Pipelines.Gold;

/// <summary>A mart that was built in the scratch database and is to be moved into Gold.</summary>
public sealed record GoldModel
{
    public required string Name { get; init; }

    /// <summary>The folder below <c>marts</c>: <c>market</c>, <c>finance</c>.</summary>
    public required string Domain { get; init; }

    /// <summary>Quoted name of the relation in the scratch database.</summary>
    public required string Relation { get; init; }

    public required string Description { get; init; }

    /// <summary>Descriptions by column name.</summary>
    public required IReadOnlyDictionary<string, string> ColumnDescriptions { get; init; }

    /// <summary>A date column by whose year the table is partitioned; null for one file.</summary>
    public string? PartitionByYearOf { get; init; }

    public IReadOnlyList<string> SortBy { get; init; } = [];
}
