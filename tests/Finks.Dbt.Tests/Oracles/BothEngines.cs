using System.Text.Json;
using DuckDB.NET.Data;

namespace Finks.Dbt.Tests.Oracles;

/// <summary>One project, built by the real dbt-core with dbt-duckdb and by Finks, each into a DuckDB file of its own.</summary>
public sealed class BothEngines : IDisposable
{
    private readonly ProjectFolder _real;
    private readonly ProjectFolder _ours;
    private readonly IReadOnlyDictionary<string, object?> _vars;

    private BothEngines(Action<ProjectFolderContent> fill, string preparation, IReadOnlyDictionary<string, object?>? vars)
    {
        _real = new ProjectFolder();
        _ours = new ProjectFolder();
        _vars = vars ?? new Dictionary<string, object?>();
        foreach (var folder in new[] { _real, _ours })
        {
            fill(new ProjectFolderContent(folder.Path));
            using var database = Open($"Data Source={DatabaseOf(folder)}");
            database.Ask(preparation);
        }

        RunReal();
        RunOurs();
    }

    public JsonElement RealManifest { get; private set; }
    public JsonElement RealResults { get; private set; }
    public Manifest Manifest { get; private set; } = null!;
    public BuildResult Result { get; private set; } = null!;

    /// <param name="fill">Puts the project's files in place.</param>
    /// <param name="preparation">SQL run in both databases before the build.</param>
    /// <param name="vars">What <c>--vars</c> gives.</param>
    public static BothEngines Build(Action<ProjectFolderContent> fill, string preparation = "select 1", IReadOnlyDictionary<string, object?>? vars = null) =>
        new(fill, preparation, vars);

    /// <summary>Both databases on one connection, as <c>real</c> and <c>ours</c>.</summary>
    public DuckDBConnection OpenBoth()
    {
        var connection = Open("Data Source=:memory:");
        connection.Ask($"attach '{DatabaseOf(_real)}' as real (read_only)");
        connection.Ask($"attach '{DatabaseOf(_ours)}' as ours (read_only)");
        return connection;
    }

    /// <summary>Writes a relation of each side to that side's <see cref="ScratchFile"/>.</summary>
    public void Export(string relation)
    {
        foreach (var side in new[] { "real", "ours" })
        {
            using var database = Open($"Data Source={DatabaseOf(Side(side))};access_mode=read_only");
            database.Ask($"copy (select * from shop.{relation}) to '{ScratchFile(side)}' (format parquet)");
        }
    }

    public string ScratchFile(string side) => Path.Combine(Side(side).Path, "compared.parquet");

    private ProjectFolder Side(string side) => side == "real" ? _real : _ours;

    public void Dispose()
    {
        _real.Dispose();
        _ours.Dispose();
    }

    private static string DatabaseOf(ProjectFolder folder) => Path.Combine(folder.Path, "shop.duckdb");

    private static DuckDBConnection Open(string text)
    {
        var connection = new DuckDBConnection(text);
        connection.Open();
        return connection;
    }

    private void RunReal()
    {
        var dbt = Path.Combine(Oracle.Engine("dbt"), "bin", "dbt");
        _real.Write("profiles.yml", "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, schema: main, threads: 1}}}\n");
        var run = Oracle.Run(dbt, ["--no-use-colors", "build", "--profiles-dir", ".", "--vars", JsonSerializer.Serialize(_vars)], _real.Path, new Dictionary<string, string>
        {
            ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "0",
            ["DO_NOT_TRACK"] = "1",
            ["OUT"] = _real.Path,
        });
        Assert.True(run.ExitCode is 0 or 1, run.Output + run.Error);
        RealManifest = Read("manifest.json");
        RealResults = Read("run_results.json");
    }

    private void RunOurs()
    {
        Manifest = DbtProject.Load(_ours.Path, new ProjectOptions(new DbtTarget("dev", "shop", "main"))
        {
            Vars = _vars,
            EnvironmentVariables = new Dictionary<string, string> { ["OUT"] = _ours.Path },
        });
        using var database = Open($"Data Source={DatabaseOf(_ours)}");
        Result = new DbtRunner(new TickingClock()).Build(Manifest, database, new BuildOptions(), cancellation: TestContext.Current.CancellationToken);
    }

    private JsonElement Read(string artifact) => JsonDocument.Parse(File.ReadAllText(Path.Combine(_real.Path, "target", artifact))).RootElement;
}

/// <summary>Puts files into a project folder.</summary>
public sealed record ProjectFolderContent(string Path)
{
    public ProjectFolderContent CopyProject(string name) => Copy(Checkout.PathOf("tests", "Finks.Dbt.Tests", "Projects", name), "");

    public ProjectFolderContent Copy(string source, string below)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = System.IO.Path.Combine(Path, below, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }

        return this;
    }
}
