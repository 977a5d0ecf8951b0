using Finks.Lake.Tests.Maintenance;

namespace Finks.Lake.Tests;

public sealed class SqliteEvolutionTests() : EvolutionTests(new LakeFixture());

public sealed class PostgresEvolutionTests(PostgresServer postgres) : EvolutionTests(LakeFixture.On(postgres));

/// <summary>Changes of tables. After each the extension must see at every snapshot what Finks sees.</summary>
public abstract class EvolutionTests(LakeFixture fixture) : IDisposable
{
    private static readonly TableColumn Id = new("id", "BIGINT");
    private static readonly TableColumn Name = new("name", "VARCHAR");
    private static readonly TableDefinition Table = LakeFixture.Silver("t", Id, Name);

    private readonly LakeFixture _fixture = fixture;
    private readonly Extension _extension = new(fixture);

    [Fact]
    public void A_column_may_be_added_in_any_place_and_older_rows_have_its_default()
    {
        var before = _fixture.Commit(Table, "SELECT 1::BIGINT AS id, 'a' AS name");
        var more = LakeFixture.Silver(
            "t", new("currency", "VARCHAR", Default: "US\"D"), Id, new("rate", "DECIMAL(9,2)", NullsAllowed: false, Default: "0.50"), Name, new("l", "VARCHAR[]"));

        var after = _fixture.Commit(more, "SELECT 2::BIGINT AS id, 'b' AS name, 'EUR' AS currency, 1.25::DECIMAL(9,2) AS rate, ['x'] AS l");

        Assert.Equal(["{'id': 1, 'name': a}"], _fixture.Rows("t", before));
        Assert.Equal(
            ["{'currency': 'US\"D', 'id': 1, 'rate': 0.50, 'name': a, 'l': NULL}", "{'currency': EUR, 'id': 2, 'rate': 1.25, 'name': b, 'l': [x]}"],
            _fixture.Rows("t", after).Order(StringComparer.Ordinal));
        Assert.Equal(before.SchemaVersion + 1, after.SchemaVersion);
        Assert.Equal([3L, 1L, 4L, 2L, 5L], Find(after).Columns.Select(c => c.Id));
        SeenByTheExtension("t");
    }

    [Fact]
    public void A_column_that_is_renamed_keeps_its_values_under_the_new_name()
    {
        var table = LakeFixture.Silver("t", Id, new("day", "DATE")) with { PartitionByYearOf = "day", SortBy = [new SortKey("day")] };
        var before = _fixture.Commit(table, "SELECT 1::BIGINT AS id, DATE '2020-05-05' AS day");
        var renamed = LakeFixture.Silver("t", Id, new("trading_day", "DATE", RenamedFrom: "day")) with { PartitionByYearOf = "trading_day", SortBy = [new SortKey("trading_day")] };

        var after = _fixture.Commit(renamed, "SELECT 2::BIGINT AS id, DATE '2021-05-05' AS trading_day");
        var again = _fixture.Commit(renamed, "SELECT 3::BIGINT AS id, DATE '2021-06-06' AS trading_day", WriteMode.ReplacePartitions, "2021");

        Assert.Equal(["{'id': 1, 'day': 2020-05-05}"], _fixture.Rows("t", before));
        Assert.Equal(["{'id': 1, 'trading_day': 2020-05-05}", "{'id': 2, 'trading_day': 2021-05-05}"], _fixture.Rows("t", after));
        Assert.Equal(["{'id': 1, 'trading_day': 2020-05-05}", "{'id': 3, 'trading_day': 2021-06-06}"], _fixture.Rows("t", again));
        Assert.Equal(after.SchemaVersion, again.SchemaVersion);
        Assert.Contains("column day, which the write neither has nor renames", Assert.Throws<LakeException>(() =>
            _fixture.Commit(LakeFixture.Silver("t2", Id, new("day", "DATE")) with { TablePath = "t/", RenamedFrom = "t" }, "SELECT 1::BIGINT AS id, NULL::DATE AS day")).Message.Replace("trading_day", "day", StringComparison.Ordinal), StringComparison.Ordinal);
        SeenByTheExtension("t");
    }

    [Fact]
    public void A_column_that_is_dropped_is_gone_and_its_id_is_not_used_again()
    {
        var before = _fixture.Commit(LakeFixture.Silver("t", Id, Name, new("tags", "VARCHAR[]", Comment: "old")), "SELECT 1::BIGINT AS id, 'a' AS name, ['x'] AS tags");
        var dropped = LakeFixture.Silver("t", Id, Name) with { DroppedColumns = ["tags"] };

        var after = _fixture.Commit(new TableWrite(dropped, WriteMode.Append, []));
        var anew = _fixture.Commit(LakeFixture.Silver("t", Id, Name, new("tags", "INTEGER")), "SELECT 2::BIGINT AS id, 'b' AS name, 7 AS tags");

        Assert.Equal(["{'id': 1, 'name': a, 'tags': [x]}"], _fixture.Rows("t", before));
        Assert.Equal(["{'id': 1, 'name': a}"], _fixture.Rows("t", after));
        Assert.Equal(["{'id': 1, 'name': a, 'tags': NULL}", "{'id': 2, 'name': b, 'tags': 7}"], _fixture.Rows("t", anew));
        Assert.Equal(5, Find(anew).Columns[^1].Id);
        Assert.Null(Find(anew).Columns[^1].Comment);
        SeenByTheExtension("t");
    }

    [Theory]
    [InlineData("TINYINT", "BIGINT", "-3::TINYINT", "9000000000")]
    [InlineData("UINTEGER", "BIGINT", "4294967295::UINTEGER", "-1")]
    [InlineData("INTEGER", "DOUBLE", "(-2147483648)::INTEGER", "'nan'::DOUBLE")]
    [InlineData("BIGINT", "DECIMAL(22,3)", "9223372036854775807", "-0.125::DECIMAL(22,3)")]
    [InlineData("FLOAT", "DOUBLE", "'inf'::FLOAT", "-1e300::DOUBLE")]
    [InlineData("DECIMAL(9,2)", "DECIMAL(12,4)", "-1234567.89::DECIMAL(9,2)", "0.0001::DECIMAL(12,4)")]
    [InlineData("DECIMAL(9,2)", "DOUBLE", "12.5::DECIMAL(9,2)", "1e100::DOUBLE")]
    [InlineData("DATE", "TIMESTAMP", "DATE '1962-03-01'", "TIMESTAMP '2030-01-01 00:00:00.5'")]
    [InlineData("DATE", "TIMESTAMPTZ", "DATE '1962-03-01'", "TIMESTAMPTZ '2030-01-01 00:00:00.5+00'")]
    [InlineData("TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP '1962-03-01 01:02:03'", "TIMESTAMPTZ '2030-01-01 00:00:00.5+00'")]
    [InlineData("BOOLEAN", "SMALLINT", "true", "-7::SMALLINT")]
    public void A_type_may_be_widened_and_filters_still_find_all_rows(string narrow, string wide, string first, string second)
    {
        _fixture.Execute("SET TimeZone = 'UTC'");
        var before = _fixture.Commit(LakeFixture.Silver("t", Id, new("v", narrow)), $"SELECT 1::BIGINT AS id, {first} AS v");

        var after = _fixture.Commit(LakeFixture.Silver("t", Id, new("v", wide)), $"SELECT 2::BIGINT AS id, ({second})::{wide} AS v");

        Assert.Single(_fixture.Rows("t", before));
        Assert.Equal(
            _fixture.Query($"SELECT struct_pack(id := id, v := v)::VARCHAR FROM (SELECT 1::BIGINT AS id, ({first})::{wide} AS v UNION ALL SELECT 2, ({second})::{wide}) ORDER BY id", r => r.GetString(0)),
            _fixture.Rows("t", after));
        // The extension prunes files by their own statistics and answers from the table's.
        Assert.Equal("[[1, 1]]", _extension.Run(
            "SET TimeZone = 'UTC'",
            $"SELECT count(*) FILTER (id = 1), count(*) FILTER (id = 2) FROM (SELECT id FROM lake.silver.t WHERE v = ({first})::{wide} UNION ALL SELECT id FROM lake.silver.t WHERE v = ({second})::{wide})").GetRawText());
        SeenByTheExtension("t");
    }

    [Theory]
    [InlineData("BIGINT", "INTEGER")]
    [InlineData("INTEGER", "UBIGINT")]
    [InlineData("BIGINT", "DECIMAL(18,0)")]
    [InlineData("DECIMAL(12,4)", "DECIMAL(12,2)")]
    [InlineData("VARCHAR", "DATE")]
    [InlineData("DATE", "VARCHAR")]
    [InlineData("TIMESTAMPTZ", "TIMESTAMP")]
    [InlineData("INTEGER[]", "BIGINT[]")]
    public void A_type_that_does_not_hold_all_values_is_refused(string old, string now)
    {
        _fixture.Commit(new TableWrite(LakeFixture.Silver("t", new TableColumn("v", old)), WriteMode.Append, []));

        var error = Assert.Throws<LakeException>(() => _fixture.Commit(new TableWrite(LakeFixture.Silver("t", new TableColumn("v", now)), WriteMode.Append, [])));

        Assert.Contains("does not hold all its values", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_may_get_another_name_and_keeps_its_files()
    {
        var before = _fixture.Commit(Table, "SELECT 1::BIGINT AS id, 'a' AS name");
        var renamed = Table with { Name = "u", RenamedFrom = "t" };

        var after = _fixture.Commit(renamed, "SELECT 2::BIGINT AS id, 'b' AS name");
        _fixture.Commit(renamed, "SELECT 3::BIGINT AS id, 'c' AS name");

        Assert.Null(_fixture.Lake.FindTable("silver", "t", after));
        Assert.Equal(Find(before).Id, _fixture.Lake.FindTable("silver", "U", after)!.Id);
        Assert.Single(_fixture.Rows("t", before));
        Assert.Equal(3, _fixture.Rows("u").Count);
        SeenByTheExtension("u");
    }

    [Fact]
    public void A_table_that_is_dropped_stays_in_older_snapshots_and_its_name_is_free()
    {
        var before = _fixture.Commit(Table with { Comment = "old" }, "SELECT 1::BIGINT AS id, 'a' AS name");
        _fixture.Commit(LakeFixture.Silver("other", Id), "SELECT 1::BIGINT AS id");

        var gone = _fixture.Lake.Commit(LakeFixture.NewCommit("drop") with { Drops = [new TableName("SILVER", "T")] }).Snapshot;
        var anew = _fixture.Lake.Commit(LakeFixture.NewCommit("drop again and make anew", new TableWrite(LakeFixture.Silver("t", Id), WriteMode.Append, [])) with { Drops = [new TableName("silver", "other")] }).Snapshot;

        Assert.Single(_fixture.Rows("t", before));
        Assert.Equal(["other"], _fixture.Lake.Tables(gone).Select(t => t.Name));
        Assert.Equal(["t"], _fixture.Lake.Tables(anew).Select(t => t.Name));
        Assert.Contains("cannot be dropped", Assert.Throws<LakeException>(() => _fixture.Lake.Commit(LakeFixture.NewCommit("no") with { Drops = [new TableName("silver", "other")] })).Message, StringComparison.Ordinal);
        SeenByTheExtension("t");
    }

    [Fact]
    public void Comments_change_without_new_rows()
    {
        var before = _fixture.Commit(Table, "SELECT 1::BIGINT AS id, 'a' AS name");
        var after = _fixture.Commit(new TableWrite(Table with { Comment = "prices", Columns = [Id, Name with { Comment = "of the company" }] }, WriteMode.Append, []));
        var last = _fixture.Commit(new TableWrite(Table with { Columns = [Id, Name with { Comment = "of the fund" }] }, WriteMode.Append, []));

        Assert.Equal([(null, null), ("prices", "of the company"), (null, "of the fund")], new[] { before, after, last }.Select(s => (Find(s).Comment, Find(s).Columns[1].Comment)));
        Assert.Equal("[[null, \"of the fund\"]]", _extension.Run(
            "SELECT (SELECT comment FROM duckdb_tables() WHERE table_name = 't'), comment FROM duckdb_columns() WHERE table_name = 't' AND column_name = 'name'").GetRawText());
        SeenByTheExtension("t");
    }

    [Fact]
    public void A_table_that_the_extension_altered_is_written_with_its_ids()
    {
        _fixture.Commit(Table, "SELECT 1::BIGINT AS id, 'a' AS name");
        _extension.Run(
            "ALTER TABLE lake.silver.t ADD COLUMN gone INTEGER", "ALTER TABLE lake.silver.t DROP COLUMN gone", "ALTER TABLE lake.silver.t ADD COLUMN n INTEGER DEFAULT 5",
            "ALTER TABLE lake.silver.t RENAME COLUMN name TO title", "ALTER TABLE lake.silver.t ALTER n TYPE BIGINT");

        _fixture.Commit(LakeFixture.Silver("t", new("title", "VARCHAR"), new("n", "BIGINT"), Id), "SELECT 2::BIGINT AS id, 'b' AS title, 6::BIGINT AS n");

        Assert.Equal(["{'title': a, 'n': 5, 'id': 1}", "{'title': b, 'n': 6, 'id': 2}"], _fixture.Rows("t"));
        Assert.Equal([2L, 4L, 1L], Find(_fixture.Lake.CurrentSnapshot()).Columns.Select(c => c.Id));
        SeenByTheExtension("t");
    }

    [Fact]
    public void A_table_of_many_shapes_is_compacted_and_reads_as_before()
    {
        _fixture.Commit(LakeFixture.Silver("t", new("id", "INTEGER"), Name, new("gone", "DATE")), "SELECT 1 AS id, 'a' AS name, DATE '2020-01-01' AS gone");
        _fixture.Commit(
            LakeFixture.Silver("t", new("currency", "VARCHAR", Default: "USD"), Id, new("title", "VARCHAR", RenamedFrom: "name")) with { DroppedColumns = ["gone"] },
            "SELECT 2::BIGINT AS id, 'b' AS title, NULL::VARCHAR AS currency");
        var before = _fixture.Rows("t");

        var compacted = MaintainedLake.Compact(_fixture);

        Assert.Equal((2, 1), (compacted.Single().FilesBefore, compacted.Single().FilesAfter));
        Assert.Equal(["{'currency': NULL, 'id': 2, 'title': b}", "{'currency': USD, 'id': 1, 'title': a}"], before.Order(StringComparer.Ordinal));
        Assert.Equal(before.Order(StringComparer.Ordinal), _fixture.Rows("t").Order(StringComparer.Ordinal));
        SeenByTheExtension("t");
    }

    public void Dispose() => _fixture.Dispose();

    private LakeTable Find(Snapshot at) => _fixture.Lake.FindTable("silver", "t", at)!;

    /// <summary>The catalog is right in itself, all snapshots have the rows that Finks sees, and the extension can go on writing.</summary>
    private void SeenByTheExtension(string table)
    {
        _extension.Check();
        foreach (var snapshot in _fixture.Lake.Snapshots().Where(s => _fixture.Lake.FindTable("silver", table, s) is not null))
            Assert.Equal(_fixture.Rows(table, snapshot).Order(StringComparer.Ordinal), _extension.Rows(table, snapshot).Order(StringComparer.Ordinal));
        _extension.Check("--append", "silver." + table, "--latest");
    }
}
