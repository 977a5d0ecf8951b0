using Finks.Lake.Storage;

namespace Finks.Lake.Tests.Storage;

public sealed class LocalStoreTests : ZoneStoreTests
{
    protected override string Zone => "dev-silver-zone";

    private string Home => Folder.File("home");

    [Fact]
    public void The_catalog_finds_files_below_the_home()
    {
        var store = Open();
        var file = Staged(store, Key("a=1/x.parquet"), "bytes");
        store.Store([file]);

        Assert.Equal(Home + "/", store.DataPath);
        Assert.Equal("bytes", File.ReadAllText(store.DataPath + file.Key));
        Assert.Equal([store.DataPath + file.Key], store.Fetch([Stored(file)]));
    }

    [Fact]
    public void What_a_killed_process_had_staged_is_removed_by_the_next()
    {
        var left = Path.Combine(Home, ".staging", "7", "1-a.parquet");
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        File.WriteAllText(left, "half");
        File.WriteAllText(Path.Combine(Home, ".staging", "7.lock"), "");

        Open().Stage(Key("a"));

        Assert.False(File.Exists(left));
    }

    [Fact]
    public void A_zone_that_cannot_be_written_is_told()
    {
        Directory.CreateDirectory(Home);
        File.WriteAllText(Path.Combine(Home, Zone), "in the way");
        var store = Open();
        var file = Staged(store, Key("a"), "bytes");

        Assert.Contains("cannot be written", Assert.Throws<LakeException>(() => store.Store([file])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_home_is_an_absolute_path()
    {
        var error = Assert.Throws<LakeException>(() => new LocalStore("lake"));
        Assert.Contains("not an absolute path", error.Message, StringComparison.Ordinal);
    }

    protected override ZoneStore NewStore() => new LocalStore(Home);
}
