using Finks.Lake.Storage;

namespace Finks.Lake.Tests.Storage;

public sealed class FaultyStoreTests : IDisposable
{
    private const string Zone = "dev-silver-zone/";

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _told = [];

    [Fact]
    public void Every_operation_is_told_before_it_is_done()
    {
        using var store = Store();
        store.Prepare(["dev-silver-zone"], "dev");
        store.Store(Staged(store, "a", "b"));
        store.Fetch([new StoredFile(Zone + "a", 1)]);
        store.Find(Zone + "a");
        store.List(Zone);
        store.WriteText(Zone + "text", "text");
        store.ReadText(Zone + "text");
        store.Delete([Zone + "a"]);

        Assert.Equal(["Store", "HalfStored", "Stored", "Fetch", "Find", "List", "WriteText", "ReadText", "Delete"], _told);
    }

    [Fact]
    public void It_lies_where_the_store_lies_that_it_stands_for()
    {
        using var s3 = new S3Store(new S3StoreOptions { ServiceUrl = "http://127.0.0.1:1", CacheFolder = _folder.File("cache"), Clock = new RealClock() });
        using var store = new FaultyStore(s3, _ => { });

        Assert.Equal((s3.DataPath, s3.ZonesLieTogether), (store.DataPath, store.ZonesLieTogether));
        Assert.False(store.ZonesLieTogether);
    }

    [Theory]
    [InlineData("Store", 0)]
    [InlineData(FaultyStore.HalfStored, 2)]
    [InlineData(FaultyStore.Stored, 4)]
    public void A_store_that_fails_has_stored_so_much(string at, int stored)
    {
        using var store = Store(at);

        Assert.Throws<IOException>(() => store.Store(Staged(store, "a", "b", "c", "d")));

        Assert.Equal(stored, store.List(Zone).Count());
    }

    public void Dispose() => _folder.Dispose();

    private FaultyStore Store(string? fail = null) => new(new LocalStore(_folder.Path), operation =>
    {
        _told.Add(operation);
        if (operation == fail)
            throw new IOException("as asked");
    });

    private static StagedFile[] Staged(ZoneStore store, params string[] names) => [.. names.Select(name =>
    {
        var path = store.Stage(Zone + name);
        File.WriteAllText(path, name);
        return new StagedFile(Zone + name, path, 1, LocalFile.Sha256(path));
    })];
}
