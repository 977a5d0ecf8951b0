using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Finks.Lake.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Lake.Tests.Storage;

/// <summary>What a store on S3 must do beyond the contract, on any server.</summary>
public abstract class S3StoreTests : ZoneStoreTests
{
    private readonly Lazy<string> _zone;

    protected S3StoreTests(S3Servers servers)
    {
        Servers = servers;
        _zone = new Lazy<string>(() =>
        {
            var zone = servers.NewZone();
            using var store = new S3Store(Options());
            store.Prepare([zone], "dev");
            return zone;
        });
    }

    protected override string Zone => _zone.Value;

    protected S3Servers Servers { get; }

    protected abstract S3Server Server { get; }

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task The_first_part_of_a_key_is_the_bucket()
    {
        using var client = Client();
        var store = Open();
        store.Store([Staged(store, Key("a/b.parquet"), "bytes")]);

        var stored = await client.GetObjectMetadataAsync(Zone, "a/b.parquet", TestContext.Current.CancellationToken);

        Assert.Equal("s3://", store.DataPath);
        Assert.Equal(5, stored.ContentLength);
        Assert.Equal("bytes", File.ReadAllText(store.Fetch([new StoredFile($"s3://{Key("a/b.parquet")}", 5)])[0]));
    }

    [Theory]
    [InlineData(5 << 20)]
    [InlineData((5 << 20) + 1)]
    [InlineData((11 << 20) + 7)]
    public void A_large_file_goes_in_parts_and_comes_back_whole(int bytes)
    {
        var content = Bytes(bytes);
        var store = Open();
        var file = Staged(store, Key("large.parquet"), content);
        store.Store([file]);

        using var elsewhere = new S3Store(Options() with { CacheFolder = Folder.File("elsewhere") });
        Assert.Equal(content, File.ReadAllBytes(elsewhere.Fetch([Stored(file)])[0]));

    }

    [Fact]
    public async Task Parts_under_a_key_that_is_taken_are_accepted_when_equal_and_thrown_away_when_not()
    {
        var store = Open();
        var content = Bytes(6 << 20);
        store.Store([Staged(store, Key("large.parquet"), content)]);

        store.Store([Staged(store, Key("large.parquet"), content)]);
        var error = Assert.Throws<LakeException>(() => store.Store([Staged(store, Key("large.parquet"), Bytes(7 << 20))]));

        Assert.Contains("other bytes", error.Message, StringComparison.Ordinal);
        using var client = Client();
        var unfinished = await client.ListMultipartUploadsAsync(Zone, TestContext.Current.CancellationToken);
        Assert.Empty(unfinished.MultipartUploads ?? []);
        Assert.Equal(6 << 20, store.Find(Key("large.parquet"))?.Bytes);
    }

    [Fact]
    public async Task A_stored_file_is_read_without_a_download()
    {
        var store = Open();
        var file = Staged(store, Key("a"), "bytes");
        store.Store([file]);
        using (var client = Client())
            await client.DeleteObjectAsync(Zone, "a", TestContext.Current.CancellationToken);

        Assert.Equal("bytes", Read(store, file));
    }

    [Theory]
    [InlineData("byt", true)]
    [InlineData("", false)]
    [InlineData("bytes and more", false)]
    [InlineData("BYTES", true)]
    public void A_damaged_copy_is_noticed_and_fetched_again(string damaged, bool hashKnown)
    {
        var store = Open();
        var file = Staged(store, Key("a"), "bytes");
        store.Store([file]);
        File.WriteAllText(Copy("a"), damaged);

        var path = store.Fetch([hashKnown ? Stored(file) : new StoredFile(file.Key, null)])[0];

        Assert.Equal(Copy("a"), path);
        Assert.Equal("bytes", File.ReadAllText(path));
    }

    [Fact]
    public void A_damaged_copy_that_is_in_use_is_told()
    {
        var store = Open();
        var file = Staged(store, Key("a"), "bytes");
        store.Store([file]);
        File.WriteAllText(Copy("a"), "BYTES");
        store.Fetch([new StoredFile(file.Key, 5)]);

        var error = Assert.Throws<LakeException>(() => Open().Fetch([Stored(file)]));

        Assert.Contains("damaged and in use", error.Message, StringComparison.Ordinal);
        Assert.Equal("BYTES", File.ReadAllText(Copy("a")));
    }

    [Fact]
    public void The_copies_used_least_recently_make_room_and_those_in_use_stay()
    {
        var files = new List<StagedFile>();
        using (var store = new S3Store(Options()))
        {
            foreach (var name in new[] { "a", "b", "c", "d" })
            {
                Clock.Advance(TimeSpan.FromMinutes(1));
                var file = Staged(store, Key(name), Bytes(1000));
                store.Store([file]);
                files.Add(file);
            }
        }

        Clock.Advance(TimeSpan.FromMinutes(1));
        using (var other = new S3Store(Options()))
            other.Fetch([Stored(files[1])]);
        using var user = new S3Store(Options());
        var used = Assert.Single(user.Fetch([Stored(files[0])]));

        // Room for two: a is in use, b was used after c and d.
        var small = new S3Store(Options() with { CacheLimitBytes = 2000 });
        small.Fetch([Stored(files[0])]);
        Assert.Equal(["a", "b"], Copies());

        // No room: what is in use stays, here and there.
        small.Dispose();
        small = new S3Store(Options() with { CacheLimitBytes = 0 });
        Assert.All(small.Fetch([Stored(files[2]), Stored(files[3])]), path => Assert.Equal(1000, new FileInfo(path).Length));
        Assert.Equal(["a", "c", "d"], Copies());
        Assert.Equal(Bytes(1000), File.ReadAllBytes(used));

        small.Dispose();
        using var last = new S3Store(Options() with { CacheLimitBytes = 0 });
        last.Fetch([Stored(files[0])]);
        Assert.Equal(["a"], Copies());
    }

    [Fact]
    public void Stores_that_fetch_and_evict_in_one_folder_never_take_a_file_from_each_other()
    {
        var writer = Open();
        var files = Enumerable.Range(0, 6).Select(i => Staged(writer, Key($"f{i}"), Bytes(20_000 + i))).ToList();
        writer.Store(files);
        writer.Dispose();

        Parallel.For(0, 4, worker =>
        {
            for (var round = 0; round < 15; round++)
            {
                using var store = new S3Store(Options() with { CacheLimitBytes = 30_000 });
                var some = files.Where((_, i) => (i + round + worker) % 3 != 0).ToList();
                var paths = store.Fetch([.. some.Select(Stored)]);
                Assert.All(some.Zip(paths), f => Assert.Equal(Bytes((int)f.First.Bytes), File.ReadAllBytes(f.Second)));
            }
        });
    }

    [Fact]
    public void A_copy_that_another_process_uses_stays()
    {
        const string flock = "/usr/bin/flock";
        Assert.SkipUnless(File.Exists(flock), "needs flock, of util-linux");
        using var store = new S3Store(Options() with { CacheLimitBytes = 0 });
        var files = new[] { "a", "b" }.Select(name => Staged(store, Key(name), Bytes(1000))).ToList();
        using (var writer = new S3Store(Options()))
            writer.Store(files);
        var start = new ProcessStartInfo(flock, ["--shared", Copy("a"), "sh", "-c", "echo held; read end"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        using var other = Process.Start(start)!;
        Assert.Equal("held", other.StandardOutput.ReadLine());

        store.Fetch([]);
        Assert.Equal(["a"], Copies());

        other.StandardInput.Close();
        other.WaitForExit();
        store.Fetch([]);
        Assert.Empty(Copies());
    }

    [Fact]
    public void A_bucket_belongs_to_one_environment()
    {
        var zone = Servers.NewZone().Replace("dev-", "", StringComparison.Ordinal);
        Open().Prepare([zone], "dev");

        var error = Assert.Throws<LakeException>(() => Open().Prepare([zone], "prod"));

        Assert.Contains($"The bucket {zone} belongs to the environment dev", error.Message, StringComparison.Ordinal);
        Open().Prepare([zone], "dev");
    }

    [Fact]
    public async Task Of_two_environments_that_claim_a_bucket_at_once_one_gets_it()
    {
        for (var round = 0; round < 5; round++)
        {
            var zone = Servers.NewZone().Replace("dev-", "", StringComparison.Ordinal);
            Open().Prepare([zone], "eu");
            using (var client = Client())
                await client.DeleteObjectAsync(zone, S3StoreGuard.Marker, TestContext.Current.CancellationToken);
            string[] environments = ["eu", "us"];
            var got = new bool[2];
            Parallel.For(0, 2, i => got[i] = Succeeds(() => Open().Prepare([zone], environments[i])));

            Assert.Single(got, g => g);
            Assert.Equal(environments[Array.IndexOf(got, true)], Open().ReadText($"{zone}/{S3StoreGuard.Marker}"));
        }
    }

    [Theory]
    [InlineData("acme-prod-gold", "dev")]
    [InlineData("staging.gold-zone", "prod")]
    [InlineData("acme-test-gold", "test2")]
    public void A_bucket_named_after_another_environment_is_refused(string bucket, string environment)
    {
        var error = Assert.Throws<LakeException>(() => Open().Prepare([bucket], environment));

        Assert.Contains("is named after the environment", error.Message, StringComparison.Ordinal);
        Assert.Null(Open().Find($"{bucket}/{S3StoreGuard.Marker}"));
    }

    [Fact]
    public void A_bucket_that_is_not_there_is_told_with_the_line_that_creates_it()
    {
        using var store = new S3Store(Options() with { CreateBuckets = false });
        var file = Staged(store, "dev-absent/a", "bytes");

        Action[] operations =
        [
            () => store.Prepare(["dev-absent"], "dev"),
            () => store.Store([file]),
            () => store.WriteText("dev-absent/a", "text"),
            () => store.Fetch([Stored(file)]),
        ];
        var line = $"aws s3api create-bucket --bucket dev-absent --region us-east-1 --endpoint-url {Server.Url}";
        foreach (var operation in operations)
        {
            var error = Assert.Throws<LakeException>(operation);
            Assert.Contains("s3://dev-absent/", error.Message, StringComparison.Ordinal);
            Assert.Contains(line, error.Message, StringComparison.Ordinal);
        }
    }

    protected static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    protected override ZoneStore NewStore() => new S3Store(Options());

    protected virtual S3StoreOptions Options() => new()
    {
        ServiceUrl = Server.Url,
        Credentials = new BasicAWSCredentials(S3Server.AccessKey, S3Server.SecretKey),
        CacheFolder = Folder.File("cache"),
        PartBytes = S3StoreOptions.MinPartBytes,
        CreateBuckets = true,
        Clock = Clock,
    };

    protected AmazonS3Client Client() => new(
        new BasicAWSCredentials(S3Server.AccessKey, S3Server.SecretKey),
        new AmazonS3Config { ServiceURL = Server.Url, AuthenticationRegion = "us-east-1", ForcePathStyle = true });

    private string CopyFolder => Folder.File("cache", "copies", new Uri(Server.Url).Authority.Replace(':', '_'), Zone);

    private string Copy(string name) => Path.Combine(CopyFolder, name);

    private IEnumerable<string?> Copies() => Directory.GetFiles(CopyFolder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
