namespace Finks.Lake.Tests;

public sealed class SqliteCommitTests() : CommitTests(new LakeFixture());

public sealed class PostgresCommitTests(PostgresServer postgres) : CommitTests(LakeFixture.On(postgres));

public abstract class CommitTests(LakeFixture fixture) : IDisposable
{
    private static readonly TableDefinition Prices = LakeFixture.Silver("prices", new TableColumn("id", "BIGINT"), new TableColumn("name", "VARCHAR"));

    private readonly LakeFixture _fixture = fixture;

    [Fact]
    public void A_new_lake_has_one_empty_snapshot()
    {
        var snapshot = _fixture.Lake.CurrentSnapshot();

        Assert.Equal((0L, 0L), (snapshot.Id, snapshot.SchemaVersion));
        Assert.Equal(_fixture.Clock.GetUtcNow(), snapshot.Time);
        Assert.Empty(_fixture.Lake.Tables(snapshot));
    }

    [Fact]
    public void Written_rows_are_read_back_once_they_are_committed()
    {
        var files = _fixture.Write(Prices, "SELECT 1::BIGINT AS id, 'é 🎈' AS name UNION ALL SELECT 2, NULL");
        Assert.Null(_fixture.Lake.FindTable("silver", "prices", _fixture.Lake.CurrentSnapshot()));

        _fixture.Commit(new TableWrite(Prices, WriteMode.Append, files));

        Assert.Equal(["{'id': 1, 'name': é 🎈}", "{'id': 2, 'name': NULL}"], _fixture.Rows("prices"));
    }

    [Fact]
    public void Each_snapshot_keeps_its_rows_whatever_comes_later()
    {
        var first = _fixture.Commit(Prices, "SELECT 1::BIGINT AS id, 'a' AS name");
        var second = _fixture.Commit(Prices, "SELECT 2::BIGINT AS id, 'b' AS name");
        var third = _fixture.Commit(Prices, "SELECT 3::BIGINT AS id, 'c' AS name", WriteMode.ReplaceAll);

        Assert.Single(_fixture.Rows("prices", first));
        Assert.Equal(2, _fixture.Rows("prices", second).Count);
        Assert.Equal(["{'id': 3, 'name': c}"], _fixture.Rows("prices", third));
        Assert.Equal(second, _fixture.Lake.SnapshotAsOf(second.Time.AddSeconds(30)));
        Assert.Equal(second, _fixture.Lake.SnapshotAsOf(second.Time));
        Assert.Equal(first, _fixture.Lake.SnapshotAsOf(second.Time.AddMicroseconds(-1)));
    }

    public void Dispose() => _fixture.Dispose();
}
