using Finks.Cli.Chaos;
using Finks.Cli.Commands;
using Finks.Lake;
using Finks.Pipelines;

namespace Finks.EndToEnd;

/// <summary>The proof of <c>finks chaos</c> can fail: a lake that is broken on purpose is found.</summary>
public sealed class ChaosProofTests(ChaosProofTests.LoadedLake loaded) : IClassFixture<ChaosProofTests.LoadedLake>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_lake_that_nobody_touched_does_not_differ() => Assert.Equal("0 rows lost, 0 rows doubled, Gold byte-equal", DifferenceAfter(_ => { }));

    [Fact]
    public void Rows_that_are_committed_twice_are_counted()
    {
        var difference = DifferenceAfter(CommitThreeRowsAgain);

        Assert.StartsWith("0 rows lost, 3 rows doubled, Gold byte-equal", difference);
        Assert.Contains("silver.dividend: 0 rows lost, 3 doubled", difference);
        Assert.Contains("silver.dividend holds", difference);
    }

    [Fact]
    public void A_row_that_is_lost_is_counted() =>
        Assert.StartsWith("1 rows lost, 0 rows doubled", DifferenceAfter(workspace => Rewrite(workspace, "silver", "dividend", WriteMode.ReplaceAll, "offset 1")));

    [Fact]
    public void A_mart_that_lacks_a_row_is_not_byte_equal() => Assert.StartsWith(
        "0 rows lost, 0 rows doubled, Gold differs", DifferenceAfter(workspace => Rewrite(workspace, "gold", "daily_returns", WriteMode.ReplaceAll, "offset 1")));

    [Fact]
    public void A_file_that_is_gone_is_named()
    {
        var key = "";

        var difference = DifferenceAfter(workspace =>
        {
            var now = workspace.Lake.CurrentSnapshot();
            key = workspace.Lake.Files(workspace.Lake.FindTable("silver", "dividend", now)!, now)[0].Key;
            workspace.Lake.Store.Delete([key]);
        });

        Assert.Contains(key, difference);
    }

    [Theory]
    [InlineData("delete from finks_bronze_consumed where batch_id = 1", "each Bronze batch is read into Silver once (1 times)")]
    [InlineData("delete from ducklake_snapshot where snapshot_id = 1", "snapshot numbers have no gaps (1 times)")]
    [InlineData("update finks_cleanse_count set repeated_rows = repeated_rows + 1 where dataset = 'dividend'", "rows in = new + repeated + quarantined (1 times)")]
    [InlineData("update ducklake_data_file set path = (select min(path) from ducklake_data_file)", "no data file is registered twice")]
    public void A_broken_rule_is_named(string sabotage, string rule) =>
        Assert.Contains(rule, DifferenceAfter(workspace => workspace.Lake.Database.Write(tx => tx.Execute(sabotage))));

    [Fact]
    public async Task A_life_that_leaves_rows_doubled_ends_there_and_keeps_its_lake()
    {
        var lakes = await ScratchLakes.CreateAsync(_folder.File("scratch"), store: null, catalog: null);
        var plan = new ChaosPlan { Kills = 1, Writers = 0, Faults = 0, Seed = 1, Life = 1 };
        var tally = new Tally(_ => { });
        var published = new Child([Checkout.PathOf("artifacts", "finks", "finks")]);
        var run = new ChaosRun(plan, lakes.All, published, tally)
        {
            BeforeComparison = lake =>
            {
                using var workspace = lake.Open();
                CommitThreeRowsAgain(workspace);
            },
        };

        var finding = Assert.Single(await run.RunAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("life 1, first load: killed", finding.Problem);
        Assert.Contains("0 rows lost, 3 rows doubled", finding.Problem);
        Assert.Equal("--seed 1 --life 1", finding.Again);
        Assert.Equal(3, tally.Counts.Sum(c => c.Doubled));
        await lakes.RemoveAsync(except: [finding.Lake]);
        Assert.Single(Directory.GetDirectories(_folder.File("scratch")));
    }

    public void Dispose() => _folder.Dispose();

    private static void CommitThreeRowsAgain(Workspace workspace) => Rewrite(workspace, "silver", "dividend", WriteMode.Append, "limit 3");

    private static void Rewrite(Workspace workspace, string schema, string name, WriteMode mode, string rows)
    {
        var lake = workspace.Lake;
        var now = lake.CurrentSnapshot();
        var table = lake.FindTable(schema, name, now)!;
        using var connection = DuckDb.OpenInMemory();
        var zone = schema == "gold" ? lake.Paths.GoldPath : lake.Paths.SilverPath;
        var definition = new TableDefinition(
            schema, name, zone, table.Prefix[zone.Length..], [.. table.Columns.Select(c => new TableColumn(c.Name, c.DuckDbType))], table.PartitionByYearOf);
        var files = lake.Writer.Write(connection, definition, $"select * from ({lake.ReadSql(table, now)}) {rows}", new FileNaming(name, lake.Ids));
        lake.Commit(new LakeCommit { IdempotencyKey = "sabotage", Author = "test", Message = "sabotage", Writes = [new TableWrite(definition, mode, files)] });
    }

    private string DifferenceAfter(Action<Workspace> sabotage)
    {
        using var workspace = loaded.Copy(_folder.File("broken")).Open();
        sabotage(workspace);
        return loaded.Reference.Compare(workspace).ToString();
    }

    /// <summary>A lake after the first load.</summary>
    public sealed class LoadedLake : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal Reference Reference { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await using var work = await ChaosWork.StartAsync(CancellationToken.None);
            using var workspace = new ScratchLake(new LakeChoice(_folder.Path, ScratchLake.Environment)).Open();
            await work.Steps[0].Run(workspace, CancellationToken.None);
            Reference = new Reference(workspace);
        }

        public ValueTask DisposeAsync()
        {
            Reference.Dispose();
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }

        internal ScratchLake Copy(string home)
        {
            foreach (var file in Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(home, Path.GetRelativePath(_folder.Path, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }

            return new ScratchLake(new LakeChoice(home, ScratchLake.Environment));
        }
    }
}
