using System.Text.Json;

namespace Finks.Lake.Tests;

/// <summary>DuckLake's own extension in another process, on a fixture's lake.</summary>
public sealed class Extension(LakeFixture fixture)
{
    private const string Runner = """
        import duckdb, importlib, json, pathlib, sys
        con = duckdb.connect()
        for name in ("sqlite_scanner", "postgres_scanner", "ducklake"):
            folder = pathlib.Path(importlib.import_module("duckdb_extension_" + name).__file__).parent
            con.execute(f"LOAD '{next(folder.rglob(name + '.duckdb_extension'))}'")
        con.execute(sys.argv[1])
        for statement in sys.argv[2:]:
            result = con.execute(statement)
        print(json.dumps(result.fetchall(), default=str))
        """;

    /// <summary>Compares every statistic with the data at every snapshot; with <c>--append</c> it writes too.</summary>
    public JsonElement Check(params string[] arguments)
    {
        var result = Oracle.Run(Oracle.Python("ducklake"), [Checkout.Shared("tools", "ducklake_check.py"), fixture.CatalogForExtension, .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error + result.Output[Math.Max(0, result.Output.IndexOf("\"checks\"", StringComparison.Ordinal))..]);
        var output = JsonDocument.Parse(result.Output).RootElement;
        Assert.True(output.GetProperty("ok").GetBoolean());
        return output;
    }

    /// <summary>Runs statements on the catalog <c>lake</c>; returns the rows of the last as JSON.</summary>
    public JsonElement Run(params string[] statements)
    {
        var result = Oracle.Run(Oracle.Python("ducklake"), ["-c", Runner, fixture.Lake.AttachSql(), .. statements]);
        Assert.True(result.ExitCode == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    /// <summary>The rows of a table of the schema <c>silver</c> at a snapshot, as <see cref="LakeFixture.Rows"/> gives them.</summary>
    public IReadOnlyList<string> Rows(string table, Snapshot at) =>
        [.. Run($"SELECT t::VARCHAR FROM (SELECT * FROM lake.silver.{table} AT (VERSION => {at.Id})) t ORDER BY t").EnumerateArray().Select(r => r[0].GetString()!)];
}
