namespace Finks.Lake.Tests.Storage;

/// <summary>
/// On an imitation that follows AWS in what versitygw does otherwise, such as the codes of its errors. It does not compare uploads with
/// the checksums sent along and takes any credentials (moto 5.2), so what depends on those is tested on versitygw only.
/// </summary>
public sealed class MotoStoreTests(S3Servers servers) : S3StoreTests(servers)
{
    protected override S3Server Server => Servers.Moto;
}
