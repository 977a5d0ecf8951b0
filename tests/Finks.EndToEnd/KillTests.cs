namespace Finks.EndToEnd;

/// <summary>Killed at any moment and run again, the result is that of an undisturbed run.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 20;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Twenty_kills_at_random_moments_lose_and_double_nothing()
    {
        var clock = new RealClock();
        string[] demo = ["demo", "--symbols", "12", "--years", "3"];
        FinksProgram.Output([.. demo, "--home", _folder.File("warm")]);
        var start = clock.GetTimestamp();
        FinksProgram.Output([.. demo, "--home", _folder.File("undisturbed")]);
        var undisturbed = clock.GetElapsedTime(start);
        var expected = Content("undisturbed");
        var random = new Random(20);
        var killed = 0;

        for (var i = 0; i < Kills; i++)
        {
            var home = $"killed-{i}";
            string[] arguments = [.. demo, "--home", _folder.File(home)];
            // Now and then the run after a kill is killed as well.
            for (var again = 0; again < 1 + (i % 3); again++)
                killed += FinksProgram.RunAndKill(undisturbed * random.NextDouble(), arguments) ? 1 : 0;
            FinksProgram.Output(arguments);

            Assert.Equal(expected, Content(home));
        }

        Assert.InRange(killed, Kills / 2, Kills * 3);
    }

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<string> Content(string home)
    {
        using var lake = new LakeContent(_folder.File(home));
        return lake.Tables();
    }
}
