namespace Finks.Lake.Tests;

public sealed class SqliteSchemaTests() : SchemaTests(new LakeFixture())
{
    protected override CatalogLocation? Occupied(TemporaryFolder folder)
    {
        using var foreign = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={folder.File("lake.sqlite")};Pooling=false");
        foreign.Open();
        using var command = foreign.CreateCommand();
        command.CommandText = "CREATE TABLE something(x)";
        command.ExecuteNonQuery();
        return null;
    }
}

public sealed class PostgresSchemaTests(PostgresServer postgres) : SchemaTests(LakeFixture.On(postgres))
{
    private readonly PostgresServer _postgres = postgres;

    protected override CatalogLocation? Occupied(TemporaryFolder folder)
    {
        var database = _postgres.NewDatabase();
        PostgresServer.Execute(database, "CREATE TABLE ducklake_metadata(x text)");
        return new CatalogLocation.Postgres(database);
    }
}

public abstract class SchemaTests(LakeFixture fixture) : IDisposable
{
    private static readonly TableColumn Id = new("id", "BIGINT");
    private static readonly TableDefinition Table = LakeFixture.Silver("t", Id);

    private readonly LakeFixture _fixture = fixture;

    [Fact]
    public void A_column_added_at_the_end_is_null_in_older_rows_and_absent_from_older_snapshots()
    {
        var before = _fixture.Commit(Table, "SELECT 1::BIGINT AS id");

        var after = _fixture.Commit(LakeFixture.Silver("t", Id, new TableColumn("l", "VARCHAR[]"), new TableColumn("n", "INTEGER")), "SELECT 2::BIGINT AS id, ['x'] AS l, 5 AS n");

        Assert.Equal(["{'id': 1}"], _fixture.Rows("t", before));
        Assert.Equal(["{'id': 1, 'l': NULL, 'n': NULL}", "{'id': 2, 'l': [x], 'n': 5}"], _fixture.Rows("t", after));
        Assert.Equal(Find(before).Id, Find(after).Id);
        Assert.Equal(before.SchemaVersion + 1, after.SchemaVersion);
    }

    [Fact]
    public void ReplaceAll_may_give_a_column_any_type_and_older_snapshots_keep_theirs()
    {
        var before = _fixture.Commit(Table, "SELECT 1::BIGINT AS id");

        var after = _fixture.Commit(LakeFixture.Silver("t", new TableColumn("id", "VARCHAR")), "SELECT 'one' AS id", WriteMode.ReplaceAll);

        Assert.Equal(["{'id': 1}"], _fixture.Rows("t", before));
        Assert.Equal(["{'id': one}"], _fixture.Rows("t", after));
        Assert.Equal(Find(before).Id, Find(after).Id);
        Assert.NotEqual(Find(before).Columns[0].Id, Find(after).Columns[0].Id);
    }

    [Theory]
    [InlineData("id VARCHAR", "its column id is BIGINT, the write has VARCHAR, which does not hold all its values")]
    [InlineData("key BIGINT", "it has the column id, which the write neither has nor renames")]
    [InlineData("id BIGINT!", "its column id allows NULLs, the write's does not")]
    [InlineData("id BIGINT;more BIGINT!", "the new column more allows no NULLs and has no default")]
    public void Appending_with_other_columns_is_refused_with_the_difference(string columns, string difference)
    {
        _fixture.Commit(Table, "SELECT 1::BIGINT AS id");
        var before = _fixture.Lake.CurrentSnapshot();
        var changed = LakeFixture.Silver("t", [.. columns.Split(';').Select(c => c.Split(' ')).Select(c => new TableColumn(c[0], c[1].TrimEnd('!'), !c[1].EndsWith('!')))]);

        var error = Assert.Throws<LakeException>(() => _fixture.Commit(new TableWrite(changed, WriteMode.Append, [])));

        Assert.Contains(difference, error.Message, StringComparison.Ordinal);
        Assert.Contains("ReplaceAll", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _fixture.Lake.CurrentSnapshot());
    }

    [Fact]
    public void ReplacePartitions_ends_the_files_of_the_named_years_only()
    {
        var table = LakeFixture.Silver("t", new TableColumn("d", "DATE"), new TableColumn("v", "INTEGER")) with { PartitionByYearOf = "d" };
        var before = _fixture.Commit(table, "SELECT unnest([DATE '2020-01-01', DATE '2021-01-01', NULL]) AS d, 1 AS v");

        var after = _fixture.Commit(table, "SELECT DATE '2021-05-05' AS d, 2 AS v", WriteMode.ReplacePartitions, "2021", null, "1999");

        Assert.Equal(["{'d': 2020-01-01, 'v': 1}", "{'d': 2021-05-05, 'v': 2}"], _fixture.Rows("t", after));
        Assert.Equal(3, _fixture.Rows("t", before).Count);
        Assert.Equal(["2021"], _fixture.Lake.Files(Find(after), before, after).Select(f => f.PartitionValue));
        Assert.Equal(["2020", "2021"], _fixture.Lake.Files(Find(after), after).Select(f => f.PartitionValue));
        Assert.Throws<LakeException>(() => _fixture.Commit(table, "SELECT DATE '2022-01-01' AS d, 3 AS v", WriteMode.ReplacePartitions, "2021"));
    }

    [Fact]
    public void A_table_carries_its_definition()
    {
        var definition = EveryType.ByYear;

        var table = Find(_fixture.Commit(definition, EveryType.Select(0, 3)));

        Assert.Equal(definition.Columns.Select(c => (c.Name, c.NullsAllowed, c.Comment)), table.Columns.Select(c => (c.Name, c.NullsAllowed, c.Comment)));
        Assert.Equal("TIMESTAMP WITH TIME ZONE", table.Columns.Single(c => c.Name == "tz").DuckDbType);
        Assert.Equal(definition.SortBy, table.SortBy);
        Assert.Equal((definition.PartitionByYearOf, definition.Comment), (table.PartitionByYearOf, table.Comment));
        var file = _fixture.Lake.Files(table, _fixture.Lake.CurrentSnapshot())[0];
        Assert.Equal(new ColumnRange("0", "0", 1, 0, null), file.Columns["id"]);
        Assert.Equal(new FileInfo(Path.Combine(_fixture.Home, file.Key)).Length, file.Bytes);
    }

    [Fact]
    public void NULLs_in_a_column_that_allows_none_are_refused()
    {
        var table = LakeFixture.Silver("t", Id with { NullsAllowed = false });

        var error = Assert.Throws<LakeException>(() => _fixture.Commit(table, "SELECT NULL::BIGINT AS id"));

        Assert.Contains("1 NULLs in id", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_gone_or_cut_short_is_not_committed()
    {
        var file = Assert.Single(_fixture.Write(Table, "SELECT 1::BIGINT AS id"));
        var path = _fixture.PathOf(Table, file);

        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        Assert.Throws<LakeException>(() => _fixture.Commit(new TableWrite(Table, WriteMode.Append, [file])));
        File.Delete(path);
        Assert.Throws<LakeException>(() => _fixture.Commit(new TableWrite(Table, WriteMode.Append, [file])));
        Assert.Equal(0, _fixture.Lake.CurrentSnapshot().Id);
    }

    [Fact]
    public void The_catalog_of_another_environment_is_refused() =>
        Assert.Contains("environment 'dev', expected is 'prod'", Assert.Throws<LakeException>(() => DataLake.Open(_fixture.Options(environment: "prod"))).Message, StringComparison.Ordinal);

    [Fact]
    public void The_database_of_another_program_is_refused()
    {
        using var folder = new TemporaryFolder();
        var options = _fixture.Options() with { Home = folder.Path, Catalog = Occupied(folder) };

        Assert.Contains("did not create", Assert.Throws<LakeException>(() => DataLake.Open(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lake_that_was_moved_is_read_where_it_is()
    {
        _fixture.Commit(Table, "SELECT 1::BIGINT AS id");
        _fixture.Lake.Dispose();
        var moved = _fixture.Home + "-moved";
        Directory.Move(_fixture.Home, moved);

        using var lake = DataLake.Open(_fixture.Options() with { Home = moved });
        var snapshot = lake.CurrentSnapshot();
        var sql = lake.ReadSql(lake.FindTable("SILVER", "T", snapshot)!, snapshot);

        Assert.Equal([1L], _fixture.Query(sql, r => r.GetInt64(0)));
    }

    [Fact]
    public void Snapshot_times_grow_even_when_the_clock_is_set_back()
    {
        var first = _fixture.Commit(Table, "SELECT 1::BIGINT AS id");
        _fixture.Clock.AdjustTime(_fixture.Clock.GetUtcNow().AddHours(-5));
        var second = _fixture.Commit(Table, "SELECT 2::BIGINT AS id");

        Assert.Equal(first.Time.AddMicroseconds(1), second.Time);
        Assert.Contains("2026-11-23 09:00:00.000000Z", Assert.Throws<LakeException>(() => _fixture.Lake.SnapshotAsOf(first.Time.AddDays(-1))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();

    /// <summary>A database that holds a table which is not Finks's.</summary>
    protected abstract CatalogLocation? Occupied(TemporaryFolder folder);

    private LakeTable Find(Snapshot at) => _fixture.Lake.FindTable("silver", "t", at)!;
}
