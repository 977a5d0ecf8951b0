using System.Diagnostics;

namespace Finks.Lake.Tests;

public sealed class ManyFilesTests(PostgresServer postgres) : IDisposable
{
    private const int Files = 500;
    private const int Columns = 20;

    /// <summary>Lakes on PostgreSQL are far away: each statement costs a round trip.</summary>
    private const int MostStatements = 200;

    private readonly LakeFixture _fixture = LakeFixture.On(postgres);

    [Fact]
    public void A_commit_of_many_files_takes_few_statements()
    {
        var table = LakeFixture.Silver("t", [.. Enumerable.Range(0, Columns).Select(i => new TableColumn($"c{i}", "BIGINT"))]);
        var one = Assert.Single(_fixture.Write(table, $"SELECT {string.Join(", ", Enumerable.Range(0, Columns).Select(i => $"{i}::BIGINT AS c{i}"))}"));
        var files = Enumerable.Range(0, Files).Select(i => one with { Path = $"copy{i}.parquet" }).ToList();
        foreach (var file in files)
            File.Copy(_fixture.PathOf(table, one), _fixture.PathOf(table, file));
        var database = new Npgsql.NpgsqlConnectionStringBuilder(((CatalogLocation.Postgres)_fixture.Catalog!).ConnectionString).Database;
        var statements = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Tags.Any(t => t.Value == database))
                    Interlocked.Increment(ref statements);
            },
        };
        ActivitySource.AddActivityListener(listener);

        var clock = Stopwatch.StartNew();
        _fixture.Commit(new TableWrite(table, WriteMode.Append, files));
        TestContext.Current.TestOutputHelper!.WriteLine($"{statements} statements, {clock.Elapsed.TotalSeconds:0.00} s");

        Assert.InRange(statements, 10, MostStatements);
        Assert.Equal(Files, _fixture.Lake.Files(_fixture.Lake.FindTable("silver", "t", _fixture.Lake.CurrentSnapshot())!, _fixture.Lake.CurrentSnapshot()).Sum(f => f.Rows));
        Assert.Equal(Files * Columns, _fixture.Lake.Database.Read(reader => reader.Scalar<long>("SELECT count(*) FROM ducklake_file_column_stats")));
    }

    public void Dispose() => _fixture.Dispose();
}
