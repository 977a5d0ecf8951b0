namespace Finks.Lake.Tests;

/// <summary>The oracle is DuckLake's own extension in another process: it attaches the lake, compares every statistic with the data, and writes.</summary>
public sealed class SqliteExtensionTests() : ExtensionTests(new LakeFixture());

public sealed class PostgresExtensionTests(PostgresServer postgres) : ExtensionTests(LakeFixture.On(postgres));

public abstract class ExtensionTests(LakeFixture fixture) : IDisposable
{
    private readonly LakeFixture _fixture = fixture;
    private readonly Extension _extension = new(fixture);

    [Fact]
    public void The_extension_finds_a_rich_history_right_and_sees_the_same_rows_at_every_snapshot()
    {
        WriteRichHistory();

        var seen = _extension.Check();

        Assert.Equal(_fixture.Lake.Snapshots().Select(s => s.Id), seen.GetProperty("snapshots").EnumerateArray().Select(s => s.GetProperty("id").GetInt64()));
        var expected = from snapshot in _fixture.Lake.Snapshots()
                       from table in _fixture.Lake.Tables(snapshot)
                       select (snapshot.Id, table.Schema + "." + table.Name, Count(table, snapshot));
        var counted = seen.GetProperty("tables").EnumerateArray()
            .Select(t => (t.GetProperty("snapshot").GetInt64(), t.GetProperty("table").GetString()!, t.GetProperty("count").GetInt64()));
        Assert.Equal(expected.Order(), counted.Order());
    }

    [Fact]
    public void The_extension_can_append_and_delete_and_Finks_reads_what_it_did()
    {
        WriteRichHistory();
        var before = _fixture.Lake.CurrentSnapshot();
        var rows = _fixture.Rows("t");

        _extension.Check("--append", "silver.t", "--latest");

        var inserted = _fixture.Lake.SnapshotById(before.Id + 1);
        Assert.Equal(rows.Count + 1, _fixture.Rows("t", inserted).Count);
        Assert.Equal(rows.Count, _fixture.Rows("t", inserted).Distinct().Count());
        Assert.Equal(before.Id + 2, _fixture.Lake.CurrentSnapshot().Id);
        Assert.Equal(rows, _fixture.Rows("t"));

        _fixture.Commit(EveryTypeWithMore(), $"SELECT *, 1.5::DOUBLE AS more, ['x'] AS labels FROM ({EveryType.Select(500, 520)})");
        _extension.Check("--append", "silver.t", "--latest");
    }

    [Fact]
    public void Rows_that_the_extension_deleted_are_gone_for_Finks_too()
    {
        _fixture.Commit(EveryType.ByYear with { PartitionByYearOf = null }, EveryType.Select(0, 50));
        var before = _fixture.Lake.CurrentSnapshot();

        _extension.Run("DELETE FROM lake.silver.t WHERE id BETWEEN 10 AND 14", "ALTER TABLE lake.silver.t RENAME COLUMN i8 TO tiny");

        Assert.Equal(50, _fixture.Rows("t", before).Count);
        Assert.Equal(45, _fixture.Rows("t").Count);
        Assert.Contains("'tiny': -100", _fixture.Rows("t")[0], StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();

    private static TableDefinition EveryTypeWithMore() =>
        EveryType.ByYear with { Columns = [.. EveryType.Columns, new TableColumn("more", "DOUBLE", Comment: "added later"), new TableColumn("labels", "VARCHAR[]")] };

    /// <summary>Appends, replacements, an added column, a table made anew, an empty one, several tables in one commit.</summary>
    private void WriteRichHistory()
    {
        var gold = new TableDefinition("gold", "g\"old", "dev-gold-zone/", "g/", [new TableColumn("id", "BIGINT"), new TableColumn("v", "DOUBLE")]);
        var empty = LakeFixture.Silver("empty", new TableColumn("a", "DATE"), new TableColumn("l", "VARCHAR[]"));
        _fixture.Commit(EveryType.ByYear, EveryType.Select(10, 30));
        _fixture.Commit(
            new TableWrite(EveryType.ByYear, WriteMode.Append, _fixture.Write(EveryType.ByYear, EveryType.Select(0, 10))),
            new TableWrite(gold, WriteMode.Append, _fixture.Write(gold, "SELECT 1::BIGINT AS id, NULL::DOUBLE AS v")),
            new TableWrite(empty, WriteMode.Append, []));
        _fixture.Commit(EveryType.ByYear, EveryType.Select(30, 60));
        _fixture.Commit(EveryType.ByYear, $"SELECT * FROM ({EveryType.Select(0, 60)}) WHERE year(day) IN (1970, 1980) OR day IS NULL", WriteMode.ReplacePartitions, "1970", "1980", null);
        _fixture.Commit(gold, "SELECT 2::BIGINT AS id, 'nan'::DOUBLE AS v UNION ALL SELECT 3, 9.5", WriteMode.ReplaceAll);
        _fixture.Commit(EveryTypeWithMore(), $"SELECT *, 'nan'::DOUBLE AS more, ['y', NULL] AS labels FROM ({EveryType.Select(60, 90)})");
        _fixture.Commit(gold with { Columns = [new TableColumn("v", "VARCHAR"), new TableColumn("id", "BIGINT")] }, "SELECT 4::BIGINT AS id, 'x' AS v", WriteMode.ReplaceAll);
        _fixture.Commit(EveryTypeWithMore() with { SortBy = [], Comment = "no order" }, $"SELECT *, -1e300::DOUBLE AS more, NULL::VARCHAR[] AS labels FROM ({EveryType.Select(0, 20)})", WriteMode.ReplaceAll);
        _fixture.Commit(EveryTypeWithMore() with { PartitionByYearOf = null }, $"SELECT *, 7::DOUBLE AS more, ['p'] AS labels FROM ({EveryType.Select(90, 95)})");
        _fixture.Commit(EveryTypeWithMore() with { PartitionByYearOf = "ts" }, $"SELECT *, 8::DOUBLE AS more, ['q'] AS labels FROM ({EveryType.Select(95, 99)})");
        _fixture.Commit();
    }

    private long Count(LakeTable table, Snapshot at) => _fixture.Query($"SELECT count(*) FROM ({_fixture.Lake.ReadSql(table, at)})", r => r.GetInt64(0))[0];
}
