using System.Data.Common;

namespace Finks.Lake.Tests;

/// <summary>A database that fails makes errors that say what to do, and the same work goes through afterwards.</summary>
public sealed class DatabaseFailureTests(PostgresServer postgres) : IDisposable
{
    private readonly List<LakeFixture> _lakes = [];

    public static MatrixTheoryData<bool, string> Points => new([false, true], [KillPoint.Statement, KillPoint.BeforeCommit, KillPoint.AfterCommit]);

    [Theory]
    [MemberData(nameof(Points))]
    public void A_commit_that_fails_is_explained_and_may_be_made_again(bool onPostgres, string point)
    {
        var lake = Lake(onPostgres);
        var table = LakeFixture.Silver("price", new TableColumn("day", "INTEGER"));
        var write = new TableWrite(table, WriteMode.Append, lake.Write(table, "select 1::integer as day"));
        var commit = new LakeCommit { IdempotencyKey = "once", Author = "test", Message = "test", Writes = [write] };
        var fails = false;
        using var failing = DataLake.Open(lake.Options(series: 2) with { Reached = p => Fail(p == point && fails) });
        fails = true;

        var error = Assert.Throws<LakeException>(() => failing.Commit(commit));
        fails = false;
        failing.Commit(commit);

        Assert.Contains("The disk is full.", error.Message);
        Assert.Contains("run this again", error.Message);
        Assert.IsAssignableFrom<DbException>(error.InnerException);
        Assert.Equal(1, failing.CurrentSnapshot().Id);
        Assert.Single(failing.Files(failing.FindTable("silver", "price", failing.CurrentSnapshot())!, failing.CurrentSnapshot()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_read_that_fails_is_explained(bool onPostgres)
    {
        var lake = Lake(onPostgres);
        var fails = false;
        using var failing = DataLake.Open(lake.Options(series: 2) with { Reached = p => Fail(fails) });
        fails = true;

        var error = Assert.Throws<LakeException>(() => failing.CurrentSnapshot());

        Assert.Contains("The disk is full.", error.Message);
    }

    public void Dispose() => _lakes.ForEach(lake => lake.Dispose());

    private static void Fail(bool now)
    {
        if (now)
            throw new Failure();
    }

    private LakeFixture Lake(bool onPostgres)
    {
        _lakes.Add(onPostgres ? LakeFixture.On(postgres) : new LakeFixture());
        return _lakes[^1];
    }

    private sealed class Failure() : DbException("The disk is full.");
}
