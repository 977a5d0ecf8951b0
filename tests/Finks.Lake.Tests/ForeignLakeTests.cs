using System.Text.Json;

namespace Finks.Lake.Tests;

/// <summary>Lakes that DuckLake's extension wrote, in all the forms that it knows. What it read itself from each snapshot is the oracle.</summary>
public sealed class ForeignLakeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("lake")]
    [InlineData("lake_inlined")]
    public void Every_table_of_every_snapshot_is_read_as_the_extension_reads_it(string name)
    {
        var expected = Checkout.Shared("data", "ducklake", "expected", name);
        using var lake = Open(name);
        using var duckDb = DuckDb.OpenInMemory();
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(expected, "snapshots.json")));
        var snapshots = document.RootElement.EnumerateArray().ToList();

        Assert.Equal(snapshots.Select(s => s.GetProperty("snapshot_id").GetInt64()), lake.Snapshots().Select(s => s.Id));
        var compared = 0;
        foreach (var (snapshot, at) in snapshots.Zip(lake.Snapshots()))
        {
            var tables = snapshot.GetProperty("tables").EnumerateArray().ToDictionary(t => t.GetProperty("table").GetString()!);
            Assert.Equal(tables.Keys.Order(StringComparer.Ordinal), lake.Tables(at).Select(t => $"{t.Schema}.{t.Name}").Order(StringComparer.Ordinal));
            foreach (var table in lake.Tables(at))
            {
                var wanted = tables[$"{table.Schema}.{table.Name}"];
                var columns = wanted.GetProperty("columns").EnumerateArray().Select(c => (Name: c.GetProperty("name").GetString()!, Type: c.GetProperty("type").GetString()!)).ToList();
                Assert.Equal(columns.Select(c => (c.Name, c.Type)), table.Columns.Select(c => (c.Name, Described(duckDb, c.DuckDbType))));
                var rows = File.ReadAllLines(Path.Combine(expected, wanted.GetProperty("rows").GetString()!));
                Assert.Equal(rows, Rows(duckDb, lake.ReadSql(table, at, withRowIds: true), columns));
                Assert.Equal(rows.Length, duckDb.Scalar<long>($"select count(*) from ({lake.ReadSql(table, at)})"));
                compared++;
            }
        }

        Assert.Equal(snapshots.Sum(s => s.GetProperty("tables").GetArrayLength()), compared);
    }

    [Fact]
    public void A_foreign_catalog_is_not_changed_and_what_is_none_is_refused()
    {
        var before = File.ReadAllBytes(Checkout.Shared("data", "ducklake", "lake.sqlite"));
        using (var lake = Open("lake"))
            Assert.NotNull(lake.FindTable("FIN", "Prices", lake.CurrentSnapshot()));

        Assert.Equal(before, File.ReadAllBytes(_folder.File("lake.sqlite")));
        Assert.Throws<LakeException>(() => ForeignLake.OpenReadOnly(new CatalogLocation.Sqlite(_folder.File("absent.sqlite"))));
        Assert.False(File.Exists(_folder.File("absent.sqlite")));
        File.WriteAllBytes(_folder.File("empty.sqlite"), []);
        Assert.Contains("no DuckLake catalog", Assert.Throws<LakeException>(() => ForeignLake.OpenReadOnly(new CatalogLocation.Sqlite(_folder.File("empty.sqlite")))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ForeignLake Open(string name)
    {
        File.Copy(Checkout.Shared("data", "ducklake", name + ".sqlite"), _folder.File(name + ".sqlite"));
        return ForeignLake.OpenReadOnly(new CatalogLocation.Sqlite(_folder.File(name + ".sqlite")), Checkout.Shared("data", "ducklake", name == "lake" ? "data" : "data_inlined") + "/");
    }

    private static string Described(DuckDB.NET.Data.DuckDBConnection duckDb, string type) => duckDb.Scalar<string>($"select typeof(null::{type})");

    private static List<string> Rows(DuckDB.NET.Data.DuckDBConnection duckDb, string select, IReadOnlyList<(string Name, string Type)> columns)
    {
        string Text(string name, string type) => type.Contains('[') || (type.Contains('(') && !type.StartsWith("DECIMAL", StringComparison.Ordinal)) ? $"to_json(\"{name}\")" : $"CAST(\"{name}\" AS VARCHAR)";
        using var command = duckDb.CreateCommand();
        command.CommandText = $"SELECT to_json(x)::VARCHAR FROM (SELECT rowid AS _rowid, {string.Join(", ", columns.Select(c => $"{Text(c.Name, c.Type)} AS \"{c.Name}\""))} FROM ({select})) x ORDER BY _rowid";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
