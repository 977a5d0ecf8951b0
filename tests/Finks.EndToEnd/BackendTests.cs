using Amazon.Runtime;
using Finks.Lake;
using Finks.Lake.Maintenance;
using Finks.Lake.Storage;
using Finks.Lake.Tests;
using Finks.Pipelines.Publishing;
using Microsoft.Extensions.Time.Testing;

namespace Finks.EndToEnd;

/// <summary>A lake is the same in folders with SQLite and in buckets with PostgreSQL.</summary>
public sealed class BackendTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_same_replies_give_the_same_bytes_in_folders_and_SQLite_as_in_S3_and_PostgreSQL()
    {
        using var s3 = S3Server.Versitygw();
        using var folders = PipelineFixture.Open(PipelineFixture.Folders(_folder.File("folders")));
        await PipelineFixture.IngestAsync(folders, PipelineFixture.Market());

        // A backup is the way from one backend to the other; taken here it holds Bronze alone.
        var backup = BackupPlace.Folder(_folder.File("backup"));
        new LakeBackup(folders.Lake).Run(backup, new Progress<MaintenanceProgress>(), TestContext.Current.CancellationToken);
        using var buckets = PipelineFixture.Open(Buckets(s3));
        new LakeRestore(buckets.Lake, ManifestPublisher.Ledgers).Run(backup, null, new Progress<MaintenanceProgress>(), TestContext.Current.CancellationToken);

        await PipelineFixture.BuildAsync(folders);
        await PipelineFixture.BuildAsync(buckets);

        var bytes = PipelineFixture.Bytes(folders);
        Assert.Contains(bytes, line => line.StartsWith("dev-silver-zone/", StringComparison.Ordinal));
        Assert.Contains(bytes, line => line.StartsWith("dev-gold-zone/", StringComparison.Ordinal));
        Assert.Equal(bytes, [.. PipelineFixture.Bytes(buckets).Select(line => line["acme-".Length..])]);
        Assert.Empty(new LakeCheck(buckets.Lake, buckets.Bronze).Run(deep: true, new Progress<MaintenanceProgress>(), TestContext.Current.CancellationToken).Problems);
    }

    public void Dispose() => _folder.Dispose();

    private LakeOptions Buckets(S3Server s3) => new()
    {
        Home = _folder.File("machine"),
        ZonePrefix = "acme-",
        Store = Store(s3),
        Catalog = new CatalogLocation.Postgres(postgres.NewDatabase()),
        Clock = new FakeTimeProvider(PipelineFixture.Now),
        Ids = new SequentialIds(2),
    };

    private S3Store Store(S3Server s3) => new(new S3StoreOptions
    {
        ServiceUrl = s3.Url,
        Credentials = new BasicAWSCredentials(S3Server.AccessKey, S3Server.SecretKey),
        CacheFolder = _folder.File("cache"),
        CreateBuckets = true,
        Clock = new RealClock(),
    });
}
