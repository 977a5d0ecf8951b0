namespace Finks.Lake.Tests;

public sealed class OrphanTests : IDisposable
{
    private static readonly TableDefinition Table = LakeFixture.Silver("t", new TableColumn("id", "BIGINT"));

    private readonly LakeFixture _fixture = new();

    [Fact]
    public void Only_old_files_that_no_snapshot_ever_named_are_swept()
    {
        var first = _fixture.Commit(Table, "SELECT 1::BIGINT AS id");
        _fixture.Commit(Table, "SELECT 2::BIGINT AS id", WriteMode.ReplaceAll);
        var old = PathOf(Assert.Single(_fixture.Write(Table, "SELECT 3::BIGINT AS id")));
        var young = PathOf(Assert.Single(_fixture.Write(Table, "SELECT 4::BIGINT AS id")));
        foreach (var file in _fixture.SilverFiles("*.parquet"))
            File.SetLastWriteTimeUtc(file, _fixture.Clock.GetUtcNow().UtcDateTime.AddDays(file == young ? 0 : -3));

        var oldKey = Path.GetRelativePath(_fixture.Home, old);
        Assert.Equal([oldKey], _fixture.Lake.SweepOrphans(TimeSpan.FromDays(2), dryRun: true));
        Assert.True(File.Exists(old));
        Assert.Equal([oldKey], _fixture.Lake.SweepOrphans(TimeSpan.FromDays(2), dryRun: false));

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(young));
        Assert.Equal(["{'id': 1}"], _fixture.Rows("t", first));
        Assert.Equal(["{'id': 2}"], _fixture.Rows("t"));
    }

    public void Dispose() => _fixture.Dispose();

    private string PathOf(WrittenFile file) => _fixture.PathOf(Table, file);
}
