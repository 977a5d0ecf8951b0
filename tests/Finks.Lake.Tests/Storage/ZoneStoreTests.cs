using System.Security.Cryptography;
using System.Text;
using Finks.Lake.Storage;

namespace Finks.Lake.Tests.Storage;

/// <summary>What every store of zone files must do, whatever it keeps them in.</summary>
public abstract class ZoneStoreTests : IDisposable
{
    private readonly List<ZoneStore> _opened = [];

    protected TemporaryFolder Folder { get; } = new();

    /// <summary>A zone that is there and empty.</summary>
    protected abstract string Zone { get; }

    [Fact]
    public void What_was_stored_is_read_back()
    {
        var store = Open();
        var first = Staged(store, Key("part=1/a.parquet"), "first");
        var second = Staged(store, Key("b.parquet"), "");

        store.Store([first, second]);

        Assert.Equal("first", Read(store, first));
        Assert.Equal(["", "first"], store.Fetch([Stored(second), Stored(first)]).Select(File.ReadAllText));
        Assert.Equal("first", Read(Open(), first));
        Assert.All([first, second], f => Assert.False(File.Exists(f.LocalPath)));
        Assert.Equal(5, store.Find(first.Key)?.Bytes);
        Assert.Null(store.Find(Key("c.parquet")));
    }

    [Fact]
    public void A_key_never_gets_other_bytes()
    {
        var store = Open();
        store.Store([Staged(store, Key("a"), "one")]);

        foreach (var other in new[] { "two", "longer" })
        {
            var staged = Staged(store, Key("a"), other);
            var error = Assert.Throws<LakeException>(() => store.Store([staged]));
            Assert.Contains("never change", error.Message, StringComparison.Ordinal);
            Assert.Contains(Key("a"), error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("one", Read(Open(), Key("a"), "one"));
    }

    [Fact]
    public void The_same_bytes_may_be_stored_again()
    {
        var store = Open();
        store.Store([Staged(store, Key("a"), "one")]);
        var again = Staged(Open(), Key("a"), "one");

        store.Store([again]);

        Assert.False(File.Exists(again.LocalPath));
        Assert.Equal("one", Read(store, again));
    }

    [Fact]
    public void Of_two_who_store_different_bytes_under_one_key_at_once_exactly_one_wins()
    {
        ZoneStore[] stores = [Open(), Open()];
        for (var round = 0; round < 20; round++)
        {
            var staged = stores.Select((s, i) => Staged(s, Key($"race{round}"), $"by {i}")).ToArray();
            using var start = new Barrier(2);
            var won = new bool[2];
            Parallel.For(0, 2, i =>
            {
                start.SignalAndWait();
                won[i] = Succeeds(() => stores[i].Store([staged[i]]));
            });

            Assert.Single(won, w => w);
            var winner = staged[Array.IndexOf(won, true)];
            Assert.Equal($"by {Array.IndexOf(won, true)}", Read(Open(), winner));
        }
    }

    [Fact]
    public void Many_threads_may_store_and_fetch()
    {
        ZoneStore[] stores = [Open(), Open()];
        Parallel.For(0, 120, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var store = stores[i % 2];
            var own = Staged(store, Key($"thread/{i}"), $"text {i}");
            var shared = Staged(store, Key($"shared/{i % 7}"), $"shared {i % 7}");
            store.Store([own, shared]);
            Assert.Equal($"text {i}", Read(stores[(i + 1) % 2], own));
            Assert.Equal($"shared {i % 7}", Read(store, shared));
        });

        Assert.Equal(127, Open().List(Zone + "/").Count());
    }

    [Fact]
    public void A_list_is_in_the_order_of_the_bytes_and_holds_what_begins_with_the_prefix()
    {
        var store = Open();
        string[] inOrder = ["B", "a-b/x", "a/b", "a/b-c", "a/b.d/c", "a/bc", "a0", "ä", "日本", "\U0001F600"];
        store.Store([.. inOrder.Reverse().Select(name => Staged(store, Key(name), name))]);

        Assert.Equal(inOrder.Select(Key), store.List(Zone + "/").Select(o => o.Key));
        Assert.Equal(new[] { "a/b", "a/b-c", "a/b.d/c", "a/bc" }.Select(Key), store.List(Key("a/b")).Select(o => o.Key));
        Assert.Equal([3, 5, 7, 4], store.List(Key("a/b")).Select(o => o.Bytes));
        Assert.Empty(store.List(Key("nothing/")));
        Assert.Empty(store.List("dev-absent-zone/"));
    }

    [Fact]
    public void A_list_of_more_than_a_thousand_keys_is_whole()
    {
        var store = Open();
        var keys = Enumerable.Range(0, 1100).Select(i => Key($"many/{i:0000}")).ToList();
        store.Store([.. keys.Select(key => Staged(store, key, key))]);

        Assert.Equal(keys, store.List(Key("many/")).Select(o => o.Key));

        store.Delete(keys);
        Assert.Empty(store.List(Zone + "/"));
    }

    [Fact]
    public void What_is_deleted_is_gone_and_its_key_may_be_used_again()
    {
        var store = Open();
        var file = Staged(store, Key("a"), "one");
        store.Store([file]);

        store.Delete([Key("a"), Key("never there"), "dev-absent-zone/a"]);

        Assert.Null(store.Find(Key("a")));
        Assert.Throws<LakeException>(() => Open().Fetch([Stored(file)]));
        store.Store([Staged(store, Key("a"), "two")]);
        Assert.Equal("two", Read(store, Key("a"), "two"));
    }

    [Fact]
    public void A_text_is_replaced_whole_under_the_eyes_of_its_readers()
    {
        var store = Open();
        var texts = new[] { new string('ä', 40_000), new string('b', 10) };
        Assert.Null(store.ReadText(Key("manifest.json")));
        Assert.Null(store.ReadText("dev-absent-zone/manifest.json"));
        store.WriteText(Key("manifest.json"), texts[1]);

        var reader = Open();
        Parallel.Invoke(
            () => Array.ForEach([.. Enumerable.Range(0, 40)], i => store.WriteText(Key("manifest.json"), texts[i % 2])),
            () => Array.ForEach([.. Enumerable.Range(0, 80)], _ => Assert.Contains(reader.ReadText(Key("manifest.json"))!, texts)));

        Assert.Equal(texts[1], reader.ReadText(Key("manifest.json")));
        Assert.Equal([Key("manifest.json")], store.List(Zone + "/").Select(o => o.Key));
    }

    [Fact]
    public void A_file_that_is_gone_or_not_what_it_should_be_is_refused_by_name()
    {
        var store = Open();
        var file = Staged(store, Key("a"), "one");
        store.Store([file]);
        var other = Convert.ToHexStringLower(SHA256.HashData("two"u8));

        foreach (var wrong in new[] { new StoredFile(Key("b"), 3), new StoredFile(Key("a"), 4), new StoredFile(Key("a"), 3, other) })
        {
            var error = Assert.Throws<LakeException>(() => Open().Fetch([wrong]));
            Assert.Contains(wrong.Key, error.Message, StringComparison.Ordinal);
            Assert.Contains("Restore it", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("one", File.ReadAllText(Open().Fetch([new StoredFile(Key("a"), null)])[0]));
    }

    [Fact]
    public void A_staged_file_that_is_not_whole_is_not_stored()
    {
        var store = Open();
        var cut = Staged(store, Key("cut"), "whole");
        File.WriteAllText(cut.LocalPath, "who");
        var gone = Staged(store, Key("gone"), "whole");
        File.Delete(gone.LocalPath);

        Assert.Contains("has 3 bytes", Assert.Throws<LakeException>(() => store.Store([cut])).Message, StringComparison.Ordinal);
        Assert.Contains("is not there", Assert.Throws<LakeException>(() => store.Store([gone])).Message, StringComparison.Ordinal);
        Assert.Empty(store.List(Zone + "/"));
    }

    [Fact]
    public void What_another_writer_put_outside_is_read_where_it_is()
    {
        var outside = Folder.File("outside.parquet");
        File.WriteAllText(outside, "abc");

        Assert.Equal([outside], Open().Fetch([new StoredFile(outside, 3)]));
        Assert.Throws<LakeException>(() => Open().Fetch([new StoredFile(outside, 4)]));
    }

    [Theory]
    [InlineData("zone")]
    [InlineData("zone/")]
    [InlineData("zone//a")]
    [InlineData("zone/../a")]
    [InlineData("zone/./a")]
    [InlineData(".staging/a")]
    [InlineData("/zone/a")]
    [InlineData("zone\\a/b")]
    public void A_key_that_would_lead_elsewhere_is_refused(string key)
    {
        var store = Open();

        Assert.Throws<ArgumentException>(() => store.Stage(key));
        Assert.Throws<ArgumentException>(() => store.Find(key));
        Assert.Throws<ArgumentException>(() => store.Delete([key]));
        Assert.Throws<ArgumentException>(() => store.WriteText(key, ""));
    }

    [Fact]
    public void Only_whole_zones_can_be_listed() => Assert.Throws<ArgumentException>(() => Open().List("dev"));

    [Fact]
    public void Zones_may_be_prepared_again_and_by_several_at_once()
    {
        Parallel.For(0, 4, _ => Open().Prepare([Zone], "dev"));
        Open().Prepare([Zone], "dev");

        Assert.Empty(Open().List(Zone + "/"));
    }

    [Fact]
    public void Staged_files_of_stores_do_not_meet_and_end_with_their_store()
    {
        var first = Open();
        var second = Open();
        var paths = new[] { first.Stage(Key("a")), first.Stage(Key("a")), second.Stage(Key("a")) };
        Array.ForEach(paths, path => File.WriteAllText(path, "x"));

        Assert.Equal(3, paths.Distinct().Count());
        first.Dispose();
        Assert.Equal([false, false, true], paths.Select(File.Exists));
    }

    public void Dispose()
    {
        _opened.ForEach(s => s.Dispose());
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Another store of the same zones.</summary>
    protected abstract ZoneStore NewStore();

    protected ZoneStore Open()
    {
        var store = NewStore();
        lock (_opened)
            _opened.Add(store);
        return store;
    }

    protected string Key(string name) => $"{Zone}/{name}";

    protected static StagedFile Staged(ZoneStore store, string key, string text) => Staged(store, key, Encoding.UTF8.GetBytes(text));

    protected static StagedFile Staged(ZoneStore store, string key, byte[] bytes)
    {
        var path = store.Stage(key);
        File.WriteAllBytes(path, bytes);
        return new StagedFile(key, path, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    protected static StoredFile Stored(StagedFile file) => new(file.Key, file.Bytes, file.Sha256);

    protected static string Read(ZoneStore store, StagedFile file) => File.ReadAllText(Assert.Single(store.Fetch([Stored(file)])));

    protected static string Read(ZoneStore store, string key, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(expected);
        var file = new StoredFile(key, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        return File.ReadAllText(Assert.Single(store.Fetch([file])));
    }

    protected static bool Succeeds(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (LakeException)
        {
            return false;
        }
    }
}
