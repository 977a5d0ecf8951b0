using System.Collections.Concurrent;

namespace Finks.Dbt.Execution;

internal enum RelationType
{
    Table,
    View,
}

/// <summary>What tables and views exist. Read once at the start, kept up to date by the run itself, case-insensitive as DuckDB is.</summary>
internal sealed class RelationCache
{
    private readonly ConcurrentDictionary<string, RelationType> _types = new(StringComparer.OrdinalIgnoreCase);

    public static RelationCache Load(DuckDbSession session)
    {
        var cache = new RelationCache();
        foreach (var row in session.Query(SqlText.Read("relations"), int.MaxValue).Rows)
            cache.Set(new Relation((string)row[0]!, (string)row[1]!, (string)row[2]!), (string)row[3]! == "view" ? RelationType.View : RelationType.Table);
        return cache;
    }

    public RelationType? TypeOf(Relation relation) => _types.TryGetValue(relation.ToString(), out var type) ? type : null;

    public void Set(Relation relation, RelationType type) => _types[relation.ToString()] = type;

    public void Remove(Relation relation) => _types.TryRemove(relation.ToString(), out _);
}
