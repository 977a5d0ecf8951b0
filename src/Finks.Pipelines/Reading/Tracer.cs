using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Finks.Cleansing;
using Finks.Cleansing.Privacy;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Pipelines.Gold;

namespace Finks.Pipelines.Reading;

/// <summary>A Silver row, and the bytes that it came from.</summary>
/// <param name="Values">Column names and values as text; null stays null.</param>
/// <param name="Raw">The row exactly as it stands in the reply; with personal data masked unless it was asked for.</param>
public sealed record TracedRow(string Table, IReadOnlyList<KeyValuePair<string, string?>> Values, BronzeBatch Batch, int Line, int? Row, ReceivedReply Reply, string Raw);

/// <summary>The way of a row back to the bytes it came from.</summary>
/// <param name="Table">The table asked about.</param>
/// <param name="Row">Its row; null when the table has none with that key.</param>
/// <param name="Origins">The Silver rows behind it, with their replies.</param>
/// <param name="More">How many of the Silver tables hold further rows that are not shown.</param>
public sealed record Trace(LakeTable Table, IReadOnlyList<KeyValuePair<string, string?>>? Row, IReadOnlyList<TracedRow> Origins, long More);

/// <summary>Follows a Gold or Silver row to the Silver rows behind it and to the Bronze replies that hold them.</summary>
/// <param name="reveal">Whether personal data in replies is shown as it was received.</param>
public sealed class Tracer(Workspace workspace, GoldLineage lineage, bool reveal = false)
{
    /// <summary>Traces the row of <paramref name="tableName"/> that the key names.</summary>
    /// <param name="limit">Most Silver rows to follow.</param>
    public Trace Follow(string tableName, IReadOnlyList<KeyValuePair<string, string>> key, PointInTime? asOf, int limit)
    {
        var reader = new TableReader(workspace);
        var (table, snapshot) = reader.Find(tableName, asOf);
        using var connection = DuckDb.OpenInMemory();
        var isGold = table.Schema == GoldPublisher.Schema;
        var rowKey = key.Select(k => (TableReader.Column(table, k.Key), k.Value)).ToList();
        var rowsOfTable = workspace.Lake.ReadSql(table, snapshot);
        var contract = workspace.Contracts.Contracts.FirstOrDefault(c => !isGold && c.Dataset == table.Name);
        var row = Rows(connection, contract is null ? rowsOfTable : TableReader.LatestVersions(contract, rowsOfTable, asOf?.KnownAt), rowKey, [], "", 1).FirstOrDefault();
        if (row is null)
            return new Trace(table, null, [], 0);

        var sources = isGold ? lineage.SourcesOf(table.Name, key, connection) : [new LineageSource(table.Name, key, "")];
        var origins = new List<TracedRow>();
        var more = 0L;
        foreach (var source in sources)
        {
            if (workspace.Lake.FindTable(SilverColumns.Schema, source.Dataset, snapshot) is not { } silver)
                continue;
            var versions = TableReader.LatestVersions(workspace.Contracts.Get(source.Dataset), workspace.Lake.ReadSql(silver, snapshot), asOf?.KnownAt);
            var conditions = source.Key.Select(k => (TableReader.Column(silver, k.Key), k.Value)).ToList();
            var rows = Rows(connection, versions, conditions, key, source.Condition, limit + 1);
            more += rows.Count > limit ? 1 : 0;
            origins.AddRange(rows.Take(limit).Select(values => Origin($"{SilverColumns.Schema}.{source.Dataset}", values)));
        }

        return new Trace(table, row, origins, more);
    }

    /// <summary>One row of one reply, as a message about quarantine names it; the whole body without <paramref name="row"/>.</summary>
    public TracedRow FollowReply(long batchId, int line, int? row) => Locate("bronze", [], batchId, line, row);

    private TracedRow Origin(string table, IReadOnlyList<KeyValuePair<string, string?>> values)
    {
        string? Value(string name) => values.First(v => v.Key == name).Value;
        return Locate(table, values, long.Parse(Value("bronze_batch")!), int.Parse(Value("bronze_line")!), Value("bronze_row") is { } row ? int.Parse(row) : null);
    }

    private TracedRow Locate(string table, IReadOnlyList<KeyValuePair<string, string?>> values, long batchId, int line, int? row)
    {
        var batch = workspace.Bronze.Find(batchId)
            ?? throw new UnknownNameException("Bronze batch", batchId.ToString(), [.. workspace.Bronze.All().Select(b => b.Id.ToString())]);
        var reply = workspace.Bronze.ReadReply(batch, line).Reply;
        return new TracedRow(table, values, batch, line, row, reply, Shown(batch.Dataset, reply.Body, row));
    }

    private string Shown(string dataset, byte[] body, int? row)
    {
        var raw = row is { } place ? RowOf(body, place) : null;
        if (reveal)
            return raw ?? Encoding.UTF8.GetString(body);
        if (workspace.Contracts.Contracts.FirstOrDefault(c => c.Dataset == dataset) is not { } contract)
            return $"not shown: no contract says whether '{dataset}' holds personal data; --reveal shows it";
        var personal = new PersonalRows(contract, workspace.Masking);
        return raw is null ? personal.Body(body) : personal.Row(raw);
    }

    // A reply that is no JSON has no rows; what is wrong with it may be why somebody looks.
    private static string? RowOf(byte[] body, int place)
    {
        try
        {
            return RawRows.Read(body, new HashSet<int> { place }).GetValueOrDefault(place);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<IReadOnlyList<KeyValuePair<string, string?>>> Rows(
        DuckDBConnection connection, string rows, IReadOnlyList<(LakeColumn Column, string Value)> key, IReadOnlyList<KeyValuePair<string, string>> named, string condition, int limit)
    {
        using var command = connection.CreateCommand();
        var conditions = key.Select((k, i) => TableReader.KeyCondition(k.Column, $"$key{i}")).Append(condition).Where(c => c.Length > 0).ToList();
        command.CommandText = $"select * from ({rows}) {(conditions.Count > 0 ? "where " + string.Join(" and ", conditions) : "")} order by all limit {limit}";
        for (var i = 0; i < key.Count; i++)
            command.Parameters.Add(new DuckDBParameter($"key{i}", key[i].Value));
        foreach (var (name, value) in named.Where(n => condition.Contains($"${n.Key}", StringComparison.Ordinal)))
            command.Parameters.Add(new DuckDBParameter(name, value));
        using var reader = command.ExecuteReader();
        var found = new List<IReadOnlyList<KeyValuePair<string, string?>>>();
        while (reader.Read())
            found.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => KeyValuePair.Create(reader.GetName(i), CellText.Of(reader, i)))]);
        return found;
    }
}
