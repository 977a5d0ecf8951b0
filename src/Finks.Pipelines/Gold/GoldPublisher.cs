using DuckDB.NET.Data;
using Finks.Lake;

namespace Finks.Pipelines.Gold;

/// <summary>Prepares the move of built marts into Gold: only partitions whose rows have changed are written.</summary>
public sealed class GoldPublisher(DataLake lake)
{
    /// <summary>Schema of the Gold tables in the lake.</summary>
    public const string Schema = "gold";

    /// <summary>Version of the table layouts, part of the path.</summary>
    private const int SchemaVersion = 1;

    /// <summary>Writes the changed partitions of a mart. Nobody sees them before the commit.</summary>
    public GoldChange Prepare(DuckDBConnection scratch, GoldModel model, Snapshot at)
    {
        var table = Define(scratch, model);
        var existing = lake.FindTable(Schema, model.Name, at);
        var sameShape = existing is not null && HasShape(existing, table);
        var before = sameShape ? StoredPartitions(model.Name) : new Dictionary<string, GoldPartition>();
        var now = Partitions(scratch, model, table);

        var changed = now.Values.Where(p => before.GetValueOrDefault(p.Name) != p).ToList();
        var gone = before.Keys.Except(now.Keys).ToList();
        if (sameShape && changed.Count == 0 && gone.Count == 0)
            return new GoldChange(model, now.Values.Sum(p => p.Rows), null, [.. now.Values]);

        var files = changed.Count == 0 ? [] : lake.Writer.Write(scratch, table, SelectOf(model, table, changed), new FileNaming(model.Name, lake.Ids));
        var partitioned = table.PartitionByYearOf is not null && sameShape;
        var write = new TableWrite(table, partitioned ? WriteMode.ReplacePartitions : WriteMode.ReplaceAll, files)
        {
            ReplacedPartitions = partitioned ? [.. changed.Select(p => p.Name).Concat(gone).Select(LakePartition)] : [],
        };
        return new GoldChange(model, now.Values.Sum(p => p.Rows), write, [.. now.Values]);
    }

    private TableDefinition Define(DuckDBConnection scratch, GoldModel model)
    {
        using var command = scratch.CreateCommand();
        command.CommandText = $"describe {model.Relation}";
        using var reader = command.ExecuteReader();
        var columns = new List<TableColumn>();
        while (reader.Read())
            columns.Add(new TableColumn(reader.GetString(0), reader.GetString(1), true, model.ColumnDescriptions.GetValueOrDefault(reader.GetString(0))));
        return new TableDefinition(
            Schema,
            model.Name,
            lake.Paths.GoldPath,
            $"domain={model.Domain}/dataset={model.Name}/version={SchemaVersion}/",
            columns,
            model.PartitionByYearOf,
            [.. model.SortBy.Select(c => new SortKey(c))],
            model.Description);
    }

    private static bool HasShape(LakeTable existing, TableDefinition table) =>
        existing.PartitionByYearOf == table.PartitionByYearOf
        && existing.Columns.Select(c => (c.Name, c.DuckDbType)).SequenceEqual(table.Columns.Select(c => (c.Name, c.DuckDbType)));

    private static Dictionary<string, GoldPartition> Partitions(DuckDBConnection scratch, GoldModel model, TableDefinition table)
    {
        var partition = table.PartitionByYearOf is { } date ? $"coalesce(year(\"{date}\")::varchar, '{NoDate}')" : "''";
        var columns = string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""));
        using var command = scratch.CreateCommand();
        command.CommandText = $"select {partition}, count(*), sum(hash({columns}))::varchar from {model.Relation} group by 1";
        using var reader = command.ExecuteReader();
        var partitions = new Dictionary<string, GoldPartition>();
        while (reader.Read())
            partitions.Add(reader.GetString(0), new GoldPartition(reader.GetString(0), reader.GetInt64(1), reader.GetString(2)));
        return partitions;
    }

    private Dictionary<string, GoldPartition> StoredPartitions(string table) => lake.Database.Read(reader => reader.Query(
        "select partition, row_count, content_hash from finks_gold_partition where table_name = @table",
        row => new GoldPartition(row.GetString(0), row.GetInt64(1), row.GetString(2)),
        ("table", table))).ToDictionary(p => p.Name);

    private static string SelectOf(GoldModel model, TableDefinition table, IReadOnlyList<GoldPartition> changed)
    {
        if (table.PartitionByYearOf is not { } date)
            return $"select * from {model.Relation}";
        var conditions = changed.Select(p => p.Name == NoDate ? $"\"{date}\" is null" : $"year(\"{date}\") = {p.Name}");
        return $"select * from {model.Relation} where {string.Join(" or ", conditions)}";
    }

    private const string NoDate = "none";

    private static string? LakePartition(string partition) => partition == NoDate ? null : partition;
}

/// <summary>What a partition holds: the rows and a hash that does not depend on their order.</summary>
public sealed record GoldPartition(string Name, long Rows, string ContentHash);

/// <summary>A mart's change.</summary>
/// <param name="Rows">Rows of the whole mart.</param>
/// <param name="Write">What to commit; null when the mart holds what it held.</param>
public sealed record GoldChange(GoldModel Model, long Rows, TableWrite? Write, IReadOnlyList<GoldPartition> Partitions);
