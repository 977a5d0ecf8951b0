using System.Security.Cryptography;
using DuckDB.NET.Data;

namespace Finks.Lake.Tests;

public sealed class ParquetWriterTests : IDisposable
{
    private static readonly TableDefinition Plain = LakeFixture.Silver("plain", new TableColumn("id", "BIGINT"), new TableColumn("v", "DECIMAL(18,2)"));

    private readonly LakeFixture _fixture = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Equal_rows_give_equal_bytes_whatever_their_order_and_the_number_of_threads(bool partitioned)
    {
        var table = LakeFixture.Silver("bars", new TableColumn("symbol", "VARCHAR"), new TableColumn("day", "DATE"), new TableColumn("v", "DOUBLE")) with
        {
            PartitionByYearOf = partitioned ? "day" : null,
            SortBy = [new SortKey("symbol")],
        };
        const string rows = "SELECT 'S' || i % 50 AS symbol, DATE '2001-01-01' + (i % 3000)::INT AS day, (i % 1000) / 7 AS v FROM range(1200000) r(i)";
        _fixture.Execute("SET threads = 1");
        var one = Hashes(table, rows);
        _fixture.Execute("SET threads = 2");
        var two = Hashes(table, $"SELECT * FROM ({rows}) ORDER BY hash(symbol, day, v)");

        Assert.Equal(partitioned ? 9 : 1, one.Count);
        Assert.Equal(one, two);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_sort_keys_the_order_of_the_select_is_kept_with_any_number_of_threads(bool partitioned)
    {
        var table = LakeFixture.Silver("bars", new TableColumn("day", "DATE"), new TableColumn("v", "DOUBLE")) with { PartitionByYearOf = partitioned ? "day" : null };
        _fixture.Execute("CREATE TABLE source AS SELECT DATE '2001-01-01' + (i % 700)::INT AS day, (i * 7919 % 1000003) / 7 AS v FROM range(600000) r(i)");
        _fixture.Execute("SET threads = 1");
        var one = Hashes(table, "SELECT * FROM source WHERE v > 20000");
        _fixture.Execute("SET threads = 2");

        Assert.Equal(one, Hashes(table, "SELECT * FROM source WHERE v > 20000"));
    }

    [Fact]
    public void A_partitioned_table_has_a_file_for_each_year_and_one_for_rows_without_a_date()
    {
        var table = LakeFixture.Silver("events", new TableColumn("at", "TIMESTAMPTZ"), new TableColumn("year", "BIGINT")) with { PartitionByYearOf = "at" };
        _fixture.Execute("SET TimeZone = 'America/New_York'");

        var files = _fixture.Write(table, "SELECT unnest(['1969-12-31 23:59:59+00', '1970-01-01 00:00:00+00', '2024-12-31 23:30:00-05', NULL])::TIMESTAMPTZ AS at, 7::BIGINT AS year");

        Assert.Equal(["1969", "1970", "2025", null], files.Select(f => f.PartitionValue));
        Assert.All(files, f => Assert.Matches($"^year={f.PartitionValue ?? "__HIVE_DEFAULT_PARTITION__"}/events_[0-9a-f]{{32}}\\.parquet$", f.Path));
        Assert.Equal("1970-01-01 00:00:00+00", files[1].Columns[0].Min);
        _fixture.Commit(new TableWrite(table, WriteMode.Append, files));
        Assert.Equal(4, _fixture.Rows("events").Count(r => r.Contains("'year': 7", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_partitioned_write_works_from_a_DuckDB_file_too()
    {
        var table = LakeFixture.Silver("d", new TableColumn("d", "DATE")) with { PartitionByYearOf = "d" };
        using var folder = new TemporaryFolder();
        using var connection = new DuckDBConnection($"DataSource={folder.File("work.duckdb")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SET threads = 2; CREATE TEMP TABLE days AS SELECT DATE '2000-01-01' + i::INT AS d FROM range(3000) r(i)";
        command.ExecuteNonQuery();

        var files = _fixture.Lake.Writer.Write(connection, table, "SELECT d FROM days", new FileNaming("d", _fixture.Ids));

        Assert.Equal([366, 365, 365, 365, 366, 365, 365, 365, 78], files.Select(f => f.Rows));
        command.CommandText = "SELECT string_agg(database_name, ',' ORDER BY 1) FROM duckdb_databases() WHERE NOT internal";
        Assert.Equal("work", command.ExecuteScalar());
    }

    [Fact]
    public void Rows_are_in_the_order_of_the_sort_keys()
    {
        var table = Plain with { SortBy = [new SortKey("v", Descending: true)] };

        var file = Assert.Single(_fixture.Write(table, "SELECT i::BIGINT AS id, CASE WHEN i = 3 THEN NULL ELSE i END::DECIMAL(18,2) AS v FROM range(5) r(i)"));

        var path = _fixture.PathOf(table, file);
        Assert.Equal([4, 2, 1, 0, 3], _fixture.Query($"SELECT id FROM read_parquet('{path}')", r => r.GetInt64(0)));
    }

    [Fact]
    public void A_select_without_rows_writes_no_file()
    {
        const string none = "SELECT 1::BIGINT AS id, 1::DECIMAL(18,2) AS v WHERE false";

        Assert.Empty(_fixture.Write(Plain, none));
        Assert.Empty(_fixture.Write(LakeFixture.Silver("d", new TableColumn("d", "DATE")) with { PartitionByYearOf = "d" }, "SELECT NULL::DATE AS d WHERE false"));
        Assert.Empty(_fixture.SilverFiles());
        _fixture.Commit(Plain, none);
        Assert.Empty(_fixture.Rows("plain"));
    }

    [Theory]
    [InlineData("SELECT 1::BIGINT AS id, sum(1) AS v", "silver.plain.v is HUGEINT", "Cast it to DECIMAL(38,0)")]
    [InlineData("SELECT 1 AS id, 1::DECIMAL(18,2) AS v", "gives id as INTEGER, the table has BIGINT", "Cast it in the select")]
    [InlineData("SELECT 1::BIGINT AS id, 2 AS w", "lacks [v] and has [w] too much", "Name the table's columns")]
    [InlineData("SELECT 1::BIGINT AS id, {'a': 1} AS v", "silver.plain.v is STRUCT(a INTEGER), which Finks does not write", "Cast it to one of")]
    public void A_select_that_does_not_fit_the_table_is_refused(string select, string reason, string whatToDo)
    {
        var error = Assert.Throws<LakeException>(() => _fixture.Write(Plain, select));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(whatToDo, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_write_that_fails_halfway_leaves_no_file()
    {
        var table = LakeFixture.Silver("d", new TableColumn("d", "DATE"), new TableColumn("n", "INTEGER")) with { PartitionByYearOf = "d" };

        Assert.ThrowsAny<Exception>(() => _fixture.Write(table, "SELECT DATE '2020-01-01' + i::INT AS d, CASE WHEN i = 900 THEN error('boom') ELSE i END::INTEGER AS n FROM range(1000) r(i)"));
        Assert.ThrowsAny<Exception>(() => _fixture.Write(Plain, "SELECT i AS id, CASE WHEN i = 900000 THEN error('boom') ELSE 1 END::DECIMAL(18,2) AS v FROM range(1000000) r(i)"));

        Assert.Empty(_fixture.SilverFiles());
    }

    public void Dispose() => _fixture.Dispose();

    private List<string> Hashes(TableDefinition table, string select) =>
        [.. _fixture.Write(table, select).Select(f => f.PartitionValue + " " + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_fixture.PathOf(table, f)))))];
}
