using DuckDB.NET.Data;

namespace Finks.Cleansing.Quality;

/// <summary>Aggregates that are measured together, in one pass over the rows.</summary>
internal sealed class Measures
{
    private readonly List<(string Name, string Sql)> _wanted = [];

    /// <summary>Asks for an aggregate, under a name by which its value is found.</summary>
    public void Want(string name, string sql) => _wanted.Add((name, sql));

    /// <summary>Measures. What has no value (the median of no rows) is absent.</summary>
    public IReadOnlyDictionary<string, double> Take(DuckDBConnection database, string rows)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        if (_wanted.Count == 0)
            return values;
        using var command = database.CreateCommand();
        command.CommandText = $"select {string.Join(", ", _wanted.Select(w => $"({w.Sql})::double"))} from {rows}";
        using var reader = command.ExecuteReader();
        reader.Read();
        for (var i = 0; i < _wanted.Count; i++)
        {
            if (!reader.IsDBNull(i))
                values[_wanted[i].Name] = reader.GetDouble(i);
        }

        return values;
    }
}
