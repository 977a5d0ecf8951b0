using Finks.Cli.Chaos;
using Finks.Lake.Storage;

namespace Finks.EndToEnd;

/// <summary>Killed at any moment and run again, or run by many at once, the result is that of an undisturbed run.</summary>
public sealed class ChaosTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Fifty_kills_every_kind_of_fault_and_eight_writers_lose_and_double_nothing_in_folders_and_SQLite()
    {
        var home = _folder.File("scratch");

        var output = FinksProgram.Output("chaos", "--kills", "50", "--writers", "8", "--faults", "--most-faults", "4", "--home", home);

        AssertProved(output);
        Assert.False(Directory.Exists(home));
    }

    [Fact]
    public void Fifty_kills_every_kind_of_fault_and_eight_writers_lose_and_double_nothing_in_S3_and_PostgreSQL()
    {
        using var s3 = S3Server.Versitygw();
        var environment = new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL_S3"] = s3.Url,
            ["AWS_ACCESS_KEY_ID"] = S3Server.AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = S3Server.SecretKey,
        };
        string[] chaos = ["chaos", "--home", _folder.File("scratch"), "--store", "s3://scratch-", "--catalog", postgres.NewDatabase()];

        var first = FinksProgram.RunWith(environment, [.. chaos, "--kills", "50", "--writers", "8", "--faults", "--most-faults", "4"]);
        // It leaves neither buckets nor schemas behind, which it would refuse.
        var again = FinksProgram.RunWith(environment, [.. chaos, "--life", "1", "--kills", "1", "--writers", "0"]);

        Assert.True(first.ExitCode == 0, first.Output + first.Error);
        AssertProved(first.Output);
        Assert.True(again.ExitCode == 0, again.Output + again.Error);
    }

    [Fact]
    public void A_home_that_holds_something_is_refused()
    {
        FinksProgram.Output("demo", "--symbols", "1", "--years", "1", "--home", _folder.File("lake"));

        var result = FinksProgram.Run("chaos", "--home", _folder.File("lake"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("is not empty", result.Error);
        FinksProgram.Output("lake", "check", "--home", _folder.File("lake"));
    }

    [Fact]
    public void A_database_that_holds_a_lake_is_refused()
    {
        var catalog = postgres.NewDatabase();
        FinksProgram.Output("lake", "init", "--home", _folder.File("lake"), "--catalog", catalog);

        var result = FinksProgram.Run("chaos", "--home", _folder.File("scratch"), "--catalog", catalog);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("holds a lake already, in the schema public", result.Error);
    }

    [Theory]
    [InlineData("files-stored")]
    [InlineData("nowhere:1")]
    [InlineData("files-stored:0")]
    public void A_setting_that_names_no_kill_point_is_an_error_and_not_ignored(string setting)
    {
        var result = FinksProgram.RunWith(new Dictionary<string, string> { [KillSwitch.Variable] = setting }, "lake", "init", "--home", _folder.File("lake"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(KillSwitch.Variable, result.Error);
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertProved(string output)
    {
        var scenarios = output.Split('\n').SkipWhile(line => !line.Contains("rows lost", StringComparison.Ordinal)).Select(Cells).Where(c => c.Length == 7)
            .Skip(1).ToDictionary(c => c[0]);
        Assert.All(scenarios.Values, cells => Assert.Equal(("0", "0", "yes"), (cells[3], cells[4], cells[5])));
        Assert.InRange(int.Parse(scenarios["all"][2]), 50, 100);
        Assert.True(int.Parse(scenarios["killed at a random moment"][2]) > 0);
        Assert.True(KillSwitch.Points.Count(point => scenarios.Keys.Any(s => s.StartsWith($"killed at {point}", StringComparison.Ordinal))) >= 5, output);
        Assert.All(Fault.All, fault => Assert.Contains(fault.Name, scenarios.Keys));
        Assert.Contains("8 writers at once", scenarios.Keys);
        Assert.Contains(FaultyStore.HalfStored, KillSwitch.Points);
        static string[] Cells(string line) => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
