using Finks.Lake.Storage;

namespace Finks.Lake.Tests.Storage;

public sealed class ExclusiveMoveTests
{
    [Fact]
    public void Of_two_who_give_one_name_at_once_exactly_one_does()
    {
        const int rounds = 500;
        using var folder = new TemporaryFolder();
        var arrived = 0;
        var moved = new bool[2, rounds];
        for (var i = 0; i < 2 * rounds; i++)
            File.WriteAllText(folder.File($"{i % 2}-{i / 2}"), $"{i % 2}");

        var threads = Enumerable.Range(0, 2).Select(who => new Thread(() =>
        {
            for (var round = 0; round < rounds; round++)
            {
                // Not a Barrier: it wakes one after the other, by when the first has moved its file.
                Interlocked.Increment(ref arrived);
                while (Volatile.Read(ref arrived) < 2 * (round + 1))
                    Thread.SpinWait(1);
                moved[who, round] = ExclusiveMove.Try(folder.File($"{who}-{round}"), folder.File($"target-{round}"));
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        for (var round = 0; round < rounds; round++)
        {
            Assert.True(moved[0, round] ^ moved[1, round]);
            Assert.Equal(moved[0, round] ? "0" : "1", File.ReadAllText(folder.File($"target-{round}")));
            Assert.Equal(moved[0, round], File.Exists(folder.File($"1-{round}")));
        }
    }
}
