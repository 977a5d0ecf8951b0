using Finks.Lake;
using Finks.Lake.Storage;
using Finks.Pipelines;
using Finks.Pipelines.Publishing;
using Finks.Pipelines.Stages;

namespace Finks.EndToEnd;

/// <summary>
/// Manifests for engines without a catalog reader. The oracle is such an engine made by hand: it knows the manifests' folder, reads the paths in
/// them, and gives these files to plain DuckDB.
/// </summary>
public sealed class PublishTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _dbt;
    private int _texts;
    private int _deletes;
    private int? _textsLeft;

    public PublishTests()
    {
        _dbt = _folder.File("dbt");
        foreach (var file in Directory.GetFiles(Checkout.PathOf("dbt"), "*", SearchOption.AllDirectories))
        {
            // Its own tests of the data would notice that rows are left out.
            var target = Path.Combine(_dbt, Path.GetRelativePath(Checkout.PathOf("dbt"), file));
            if (target.Contains($"{Path.DirectorySeparatorChar}tests{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private string Home => _folder.File("lake");

    [Fact]
    public async Task What_the_manifests_list_is_the_table_before_and_after_a_change_and_when_a_year_goes()
    {
        using var workspace = await BuiltAsync();
        AssertPublished(workspace, years: ["2023", "2024", "2025"]);
        Assert.All(Manifests(workspace, "daily_returns").Values, text => Assert.StartsWith($"file://{Home}/dev-gold-zone/domain=market/", text, StringComparison.Ordinal));

        var before = Manifests(workspace, "daily_returns");
        Keep("not (symbol = 'FKA01' and date >= date '2025-12-30')");
        await TransformAsync(workspace);

        AssertPublished(workspace, years: ["2023", "2024", "2025"]);
        Assert.Equal(["year=2025/manifest"], Manifests(workspace, "daily_returns").Where(m => before[m.Key] != m.Value).Select(m => m.Key));

        Keep("date < date '2025-01-01'");
        await TransformAsync(workspace);
        AssertPublished(workspace, years: ["2023", "2024"]);

        Keep("date is not null");
        await TransformAsync(workspace);
        AssertPublished(workspace, years: ["2023", "2024", "2025"]);
    }

    [Fact]
    public async Task Nothing_is_written_when_nothing_has_changed_and_what_was_deleted_by_hand_comes_back_by_hand()
    {
        using var workspace = await BuiltAsync();
        var written = _texts;
        Assert.True(written > 3);

        await TransformAsync(workspace);
        Assert.Empty(new ManifestPublisher(workspace).Publish(look: true));
        Assert.Equal((written, 0), (_texts, _deletes));

        File.Delete(Path.Combine(Home, "dev-gold-zone", "_manifests", "daily_returns", "year=2024", "manifest"));
        var planned = Assert.Single(new ManifestPublisher(workspace).Plan());
        Assert.EndsWith("/_manifests/daily_returns/year=2024/manifest", Assert.Single(planned.Written), StringComparison.Ordinal);
        Assert.Equal(written, _texts);
        new ManifestPublisher(workspace).Publish(look: true);
        AssertPublished(workspace, years: ["2023", "2024", "2025"]);
    }

    [Fact]
    public async Task A_run_that_is_killed_between_commit_and_publish_is_made_up_for_by_the_next()
    {
        var armed = false;
        Workspace? watched = null;
        using var workspace = watched = await BuiltAsync(point =>
        {
            // The first transaction after which the second build is recorded is the one that commits Gold.
            if (!armed || point != KillPoint.AfterCommit || watched!.Gold.Latest().Id < 2)
                return;
            armed = false;
            throw new KilledException();
        });
        Keep("date < date '2025-01-01'");
        armed = true;

        await Assert.ThrowsAsync<KilledException>(() => TransformAsync(workspace));
        Assert.False(armed);
        Assert.Contains("year=2025/manifest", Manifests(workspace, "daily_returns").Keys);

        await TransformAsync(workspace);
        AssertPublished(workspace, years: ["2023", "2024"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_publish_that_is_killed_in_the_middle_is_done_again_also_when_the_old_state_has_come_back(int texts)
    {
        using var workspace = await BuiltAsync();
        Keep("symbol <> 'FKA01'");
        _textsLeft = texts;
        var killed = await Record.ExceptionAsync(() => TransformAsync(workspace));
        _textsLeft = null;
        Assert.Equal(texts < 3, killed is KilledException);

        // The ledger still has the fingerprint of the first state, which must not be taken for what is there.
        Keep("true");
        await TransformAsync(workspace);

        AssertPublished(workspace, years: ["2023", "2024", "2025"]);
    }

    [Fact]
    public async Task A_table_with_rows_that_another_writer_deleted_is_refused_with_the_reason()
    {
        var python = Oracle.Python("ducklake");
        using var workspace = await BuiltAsync();
        var before = Manifests(workspace, "daily_returns");
        const string program = """
            import duckdb, importlib, pathlib, sys
            con = duckdb.connect()
            for name in ("sqlite_scanner", "ducklake"):
                folder = pathlib.Path(importlib.import_module(f"duckdb_extension_{name}").__file__).parent
                con.execute(f"LOAD '{next(folder.rglob('*.duckdb_extension'))}'")
            con.execute(sys.argv[1])
            con.execute("DELETE FROM lake.gold.daily_returns WHERE symbol = 'FKA01' AND year(date) = 2024")
            """;
        var deleted = Oracle.Run(python, ["-c", program, workspace.Lake.AttachSql()]);
        Assert.True(deleted.ExitCode == 0, deleted.Error);

        var refused = Assert.Single(new ManifestPublisher(workspace).Publish());

        Assert.StartsWith("gold.daily_returns has deleted rows that another writer marked in 1 files", refused.Refusal, StringComparison.Ordinal);
        Assert.Equal(before, Manifests(workspace, "daily_returns"));
    }

    [Fact]
    public async Task The_command_lists_what_it_would_do_and_prints_the_tables_for_Athena()
    {
        (await BuiltAsync()).Dispose();
        Directory.Delete(Path.Combine(Home, "dev-gold-zone", "_manifests"), recursive: true);

        var plan = FinksProgram.Output("publish", "--dry-run", "--home", Home);
        var published = FinksProgram.Output("publish", "--home", Home);
        var again = FinksProgram.Output("publish", "--home", Home);
        var ddl = FinksProgram.Output("publish", "--ddl", "--home", Home);

        Assert.Equal(published, plan.Replace("would be ", "", StringComparison.Ordinal));
        Assert.Contains($"written  file://{Home}/dev-gold-zone/_manifests/daily_returns/year=2025/manifest", published, StringComparison.Ordinal);
        Assert.Equal("0 manifests written, 0 deleted.", again.Trim());
        Assert.Contains("CREATE EXTERNAL TABLE IF NOT EXISTS `daily_returns` (\n  `symbol` string COMMENT 'Ticker.'", ddl, StringComparison.Ordinal);
        Assert.Contains("`date` date COMMENT 'Trading date in the exchange\\'s zone.'", ddl, StringComparison.Ordinal);
        Assert.Contains("PARTITIONED BY (`year` string)\n", ddl, StringComparison.Ordinal);
        Assert.Contains($"LOCATION 'file://{Home}/dev-gold-zone/_manifests/daily_returns/';\nMSCK REPAIR TABLE `daily_returns`;", ddl, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<Workspace> BuiltAsync(Action<string>? reached = null)
    {
        var store = new FaultyStore(new LocalStore(Home), BeforeOperation);
        var workspace = Workspace.Open(new WorkspaceOptions
        {
            Lake = PipelineFixture.Folders(Home) with { Store = store, Reached = reached },
            Contracts = Checkout.PathOf("contracts"),
            DbtProject = _dbt,
            Threads = 2,
        });
        await PipelineFixture.IngestAsync(workspace, PipelineFixture.Market(symbols: 2));
        await PipelineFixture.BuildAsync(workspace);
        return workspace;
    }

    /// <summary>Ends the process, so to say, before the text after the last that is allowed, or before a deletion after it.</summary>
    private void BeforeOperation(string operation)
    {
        if (operation is not (nameof(ZoneStore.WriteText) or nameof(ZoneStore.Delete)))
            return;
        if (_textsLeft == 0)
            throw new KilledException();
        if (operation == nameof(ZoneStore.WriteText))
            (_texts, _textsLeft) = (_texts + 1, _textsLeft - 1);
        else
            _deletes++;
    }

    private static Task TransformAsync(Workspace workspace) => PipelineFixture.RunAsync(workspace, new TransformStage(workspace), new PublishStage(workspace));

    /// <summary>Makes the model give only some of its rows.</summary>
    private void Keep(string condition)
    {
        var model = File.ReadAllText(Checkout.PathOf("dbt", "models", "marts", "market", "daily_returns.sql"));
        File.WriteAllText(Path.Combine(_dbt, "models", "marts", "market", "daily_returns.sql"), $"select * from (\n{model}\n) where {condition}\n");
    }

    private Dictionary<string, string> Manifests(Workspace workspace, string table)
    {
        var folder = Path.Combine(Home, workspace.Lake.Paths.GoldZone, "_manifests", table);
        return Directory.GetFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(folder, f), File.ReadAllText);
    }

    private void AssertPublished(Workspace workspace, string[] years)
    {
        Assert.Equal(years.Select(y => $"year={y}/manifest"), Manifests(workspace, "daily_returns").Keys.Order(StringComparer.Ordinal));
        var snapshot = workspace.Lake.CurrentSnapshot();
        foreach (var table in workspace.Lake.Tables(snapshot).Where(t => t.Schema == "gold"))
        {
            var files = Manifests(workspace, table.Name).Values.SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(line => line["file://".Length..]).ToList();
            var listed = $"select * from read_parquet([{string.Join(", ", files.Select(f => $"'{f}'"))}], hive_partitioning = false)";
            var committed = workspace.Lake.ReadSql(table, snapshot);
            using var connection = DuckDb.OpenInMemory();
            using var command = connection.CreateCommand();
            command.CommandText = $"select (select count(*) from ({listed})), (select count(*) from ({committed})), (select count(*) from (({listed}) except all ({committed})))";
            using var reader = command.ExecuteReader();
            reader.Read();
            Assert.True(reader.GetInt64(1) > 0);
            Assert.Equal((reader.GetInt64(1), 0L), (reader.GetInt64(0), reader.GetInt64(2)));
        }
    }

    /// <summary>Stands for the end of a process.</summary>
    private sealed class KilledException() : Exception("killed by the test");
}
