namespace Finks.EndToEnd;

/// <summary><c>finks lake</c>: opening, checking and sweeping the lake.</summary>
public sealed class LakeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Home => _folder.File("lake");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_printed_SQL_opens_the_lake_in_the_real_DuckDB_also_after_it_was_moved(bool moved)
    {
        var python = Oracle.Python("ducklake");
        Demo();
        var home = Home;
        if (moved)
        {
            home = _folder.File("elsewhere");
            Directory.Move(Home, home);
        }

        var attach = FinksProgram.Output("lake", "attach", "--home", home).Split('\n').Single(l => l.StartsWith("ATTACH", StringComparison.Ordinal));
        const string program = """
            import duckdb, importlib, pathlib, sys
            con = duckdb.connect()
            for name in ("sqlite_scanner", "ducklake"):
                folder = pathlib.Path(importlib.import_module(f"duckdb_extension_{name}").__file__).parent
                con.execute(f"LOAD '{next(folder.rglob('*.duckdb_extension'))}'")
            con.execute(sys.argv[1])
            print(con.execute("SELECT count(*) FROM lake.gold.daily_returns").fetchone()[0])
            """;

        var result = Oracle.Run(python, ["-c", program, attach]);

        using var lake = new LakeContent(home);
        Assert.Equal(lake.Scalar<string>("select count(*)::varchar from {gold.daily_returns}"), result.Output.Trim());
    }

    [Fact]
    public void A_sound_lake_has_no_problems() => Assert.Equal(0, CheckAfter(() => { }).ExitCode);

    [Theory]
    [InlineData("dev-silver-zone", "is gone")]
    [InlineData("dev-gold-zone", "is gone")]
    [InlineData("dev-bronze-zone", "is gone")]
    public void A_missing_file_is_named(string zone, string problem) => AssertNamed(zone, problem, File.Delete);

    [Theory]
    [InlineData("dev-silver-zone", "bytes")]
    [InlineData("dev-bronze-zone", "bytes")]
    public void A_cut_file_is_named(string zone, string problem) => AssertNamed(zone, problem, file => File.WriteAllBytes(file, File.ReadAllBytes(file)[..^5]));

    [Fact]
    public void Only_old_files_that_no_snapshot_names_are_swept()
    {
        Demo();
        var folder = Path.Combine(Home, "dev-silver-zone", "entity=split");
        var named = Directory.GetFiles(folder).Single();
        var old = Path.Combine(folder, "split_old.parquet");
        var young = Path.Combine(folder, "split_young.parquet");
        File.Copy(named, old);
        File.Copy(named, young);
        File.SetLastWriteTimeUtc(named, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(old, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Contains(Path.GetRelativePath(Home, old), FinksProgram.Output("lake", "sweep", "--home", Home), StringComparison.Ordinal);
        Assert.True(File.Exists(old));
        FinksProgram.Output("lake", "sweep", "--delete", "--home", Home);

        Assert.Equal([young, named], Directory.GetFiles(folder).OrderByDescending(f => f == young));
        Assert.Equal(0, FinksProgram.Run("lake", "check", "--home", Home).ExitCode);
    }

    [Theory]
    [InlineData("lake check")]
    [InlineData("lake backup {target}")]
    [InlineData("lake sweep --delete")]
    [InlineData("diff daily_returns --from 1")]
    [InlineData("quality")]
    public void Where_there_is_no_lake_none_is_made_to_be_found_in_order(string command)
    {
        var result = FinksProgram.Run([.. command.Split(' ').Select(word => word == "{target}" ? _folder.File("backup") : word), "--home", Home]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("There is no lake with the catalog " + Home, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Home));
    }

    public void Dispose() => _folder.Dispose();

    private void Demo() => FinksProgram.Output("demo", "--symbols", "12", "--years", "2", "--home", Home);

    private ProgramResult CheckAfter(Action damage)
    {
        Demo();
        damage();
        return FinksProgram.Run("lake", "check", "--home", Home);
    }

    private void AssertNamed(string zone, string problem, Action<string> damage)
    {
        var file = "";
        var result = CheckAfter(() =>
        {
            file = Directory.EnumerateFiles(Path.Combine(Home, zone), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
            damage(file);
        });

        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single(result.Output.Split('\n'), l => l.Contains(file, StringComparison.Ordinal));
        Assert.Contains(problem, line, StringComparison.Ordinal);
    }
}
