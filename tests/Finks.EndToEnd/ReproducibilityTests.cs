namespace Finks.EndToEnd;

/// <summary>The same replies give the same bytes, whatever the machine.</summary>
public sealed class ReproducibilityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_number_of_threads_changes_no_byte_of_Silver_and_Gold()
    {
        using (var source = PipelineFixture.Open(PipelineFixture.Folders(_folder.File("bronze"))))
            await PipelineFixture.IngestAsync(source, PipelineFixture.Market());

        var builds = new List<IReadOnlyList<string>>();
        foreach (var threads in new[] { 1, 2, 8, 8 })
        {
            var home = _folder.File($"build-{builds.Count}");
            Copy(_folder.File("bronze"), home);
            using var workspace = PipelineFixture.Open(PipelineFixture.Folders(home, series: 2), threads);
            await PipelineFixture.BuildAsync(workspace);
            builds.Add(PipelineFixture.Bytes(workspace));
        }

        Assert.Contains(builds[0], line => line.Contains("gold-zone", StringComparison.Ordinal));
        Assert.All(builds, build => Assert.Equal(builds[0], build));
    }

    public void Dispose() => _folder.Dispose();

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
