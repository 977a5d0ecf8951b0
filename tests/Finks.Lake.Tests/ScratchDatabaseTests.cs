namespace Finks.Lake.Tests;

public sealed class ScratchDatabaseTests
{
    [Fact]
    public void What_does_not_fit_into_memory_is_spilled_below_the_home_and_gone_afterwards()
    {
        using var fixture = new LakeFixture();
        using (var scratch = ScratchDatabase.Open(fixture.Lake, threads: 2))
        {
            scratch.Connection.Execute("set memory_limit = '64MB'");
            scratch.Connection.Execute("create temp table sorted as select i, hash(i) as h from range(10_000_000) t(i) order by h");

            Assert.Equal(49_999_995_000_000, scratch.Connection.Scalar<long>("select sum(i)::bigint from sorted"));
            Assert.NotEmpty(Directory.GetFiles(Path.Combine(fixture.Home, ".scratch"), "*", SearchOption.AllDirectories));
        }

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(fixture.Home, ".scratch")));
    }
}
