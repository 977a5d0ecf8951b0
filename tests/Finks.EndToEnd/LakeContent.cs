using DuckDB.NET.Data;
using Finks.Lake;

namespace Finks.EndToEnd;

/// <summary>What a lake says, without what differs between two runs by nature: when it was learnt and in which batch.</summary>
internal sealed class LakeContent : IDisposable
{
    private static readonly string[] Provenance = ["known_from", "bronze_batch", "bronze_line", "bronze_row"];

    private readonly DataLake _lake;

    public LakeContent(string home) => _lake = DataLake.Open(new LakeOptions { Home = home, Clock = new RealClock(), Ids = new NoIds() });

    public DataLake Lake => _lake;

    /// <summary>For each table its row count and a hash of its rows that does not depend on their order.</summary>
    /// <param name="everyVersion">Whether versions of a Silver row that say the same count each; Gold rows always do.</param>
    public IReadOnlyList<string> Tables(bool everyVersion = true) =>
        [.. _lake.Tables(_lake.CurrentSnapshot()).OrderBy(t => t.Schema + t.Name, StringComparer.Ordinal).Select(t => Describe(t, everyVersion || t.Schema == "gold"))];

    /// <summary>The first column of the first row; <c>{schema.table}</c> stands for a table's rows.</summary>
    public T Scalar<T>(string sql, Snapshot? at = null)
    {
        var snapshot = at ?? _lake.CurrentSnapshot();
        foreach (var table in _lake.Tables(snapshot))
            sql = sql.Replace($"{{{table.Schema}.{table.Name}}}", $"({_lake.ReadSql(table, snapshot)})", StringComparison.Ordinal);
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)Convert.ChangeType(command.ExecuteScalar()!, typeof(T), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The first column of the first row of a query on the metadata database.</summary>
    public long Ledger(string sql) => _lake.Database.Read(reader => reader.Scalar<long>(sql));

    public void Dispose() => _lake.Dispose();

    private string Describe(LakeTable table, bool everyRow)
    {
        // Sums of binary floating point may differ in the last bits with the order of adding; ten digits are the same.
        var columns = table.Columns.Where(c => !Provenance.Contains(c.Name)).Select(c => c.DuckDbType == "DOUBLE" ? $"format('{{:.10g}}', \"{c.Name}\")" : $"\"{c.Name}\"");
        var rows = $"select {(everyRow ? "" : "distinct ")}{string.Join(", ", columns.Select((c, i) => $"{c} as c{i}"))} from ({_lake.ReadSql(table, _lake.CurrentSnapshot())})";
        return $"{table.Schema}.{table.Name} {Scalar<string>($"select count(*) || ' ' || coalesce(sum(hash(r)::hugeint)::varchar, '0') from ({rows}) r")}";
    }

    private sealed class NoIds : IdSource
    {
        public override Guid Next() => throw new InvalidOperationException("A reader needs no identifiers.");
    }
}
