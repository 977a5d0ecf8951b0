namespace Finks.EndToEnd;

/// <summary>Two processes on one lake.</summary>
public sealed class ConcurrencyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Two_runs_at_once_leave_what_one_leaves()
    {
        string[] demo = ["demo", "--symbols", "12", "--years", "3", "--home"];
        FinksProgram.Output([.. demo, _folder.File("alone")]);

        for (var round = 0; round < 4; round++)
        {
            var home = _folder.File($"shared-{round}");
            var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => FinksProgram.Run([.. demo, home]))));

            Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Error));
            FinksProgram.Output([.. demo, home]);
            Assert.Equal(Content("alone"), Content($"shared-{round}"));
        }
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<string> Content(string home)
    {
        using var lake = new LakeContent(_folder.File(home));
        // Each process asks for all, so a row is learnt several times. A reply that comes to Silver after a later one adds the version that it
        // proves at its own time, which says the same as the later one.
        return lake.Tables(everyVersion: false);
    }
}
