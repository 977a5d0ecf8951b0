namespace Finks.EndToEnd;

/// <summary>The same dbt project, built by the real dbt-core on the same lake, gives the same rows.</summary>
public sealed class RealDbtTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Real_dbt_on_the_lake_builds_the_marts_that_Finks_builds()
    {
        var dbt = Path.Combine(Oracle.Engine("dbt"), "bin", "dbt");
        var home = _folder.File("lake");
        FinksProgram.Output("demo", "--home", home);
        var profiles = _folder.File("profiles");
        Directory.CreateDirectory(profiles);
        File.WriteAllText(Path.Combine(profiles, "profiles.yml"), $$"""
            finks:
              target: lake
              outputs:
                lake:
                  type: duckdb
                  path: ':memory:'
                  database: lake
                  schema: gold_staging
                  threads: 1
                  config_options: {extension_directory: '{{Extensions()}}'}
                  attach:
                    - {path: 'ducklake:sqlite:{{home}}/lake.sqlite', alias: lake}
            """);

        var run = Oracle.Run(
            dbt,
            ["build", "--project-dir", Checkout.PathOf("dbt"), "--profiles-dir", profiles, "--target-path", _folder.File("target"), "--log-path", _folder.File("logs")],
            environment: new Dictionary<string, string> { ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "0", ["DO_NOT_TRACK"] = "1" });

        Assert.True(run.ExitCode == 0, run.Output);
        using var lake = new LakeContent(home);
        foreach (var mart in new[] { "daily_returns", "daily_portfolio_summary" })
        {
            Assert.True(lake.Scalar<long>($"select count(*) from {{gold.{mart}}}") > 0);
            var columns = Rounded(lake, mart);
            Assert.Equal(0, lake.Scalar<long>($$"""
                with ours as (select {{columns}} from {gold.{{mart}}}), theirs as (select {{columns}} from {gold_staging.{{mart}}})
                select (select count(*) from (from ours except all from theirs)) + (select count(*) from (from theirs except all from ours))
                """));
        }
    }

    public void Dispose() => _folder.Dispose();

    // Sums of binary floating point may differ in the last bits with the order of adding; ten digits are the same.
    private static string Rounded(LakeContent lake, string mart) => string.Join(", ", lake.Lake.FindTable("gold", mart, lake.Lake.CurrentSnapshot())!.Columns
        .Select(c => c.DuckDbType == "DOUBLE" ? $"format('{{:.10g}}', \"{c.Name}\") as \"{c.Name}\"" : $"\"{c.Name}\""));

    /// <summary>A folder of extensions as DuckDB looks for them.</summary>
    private string Extensions()
    {
        var folder = _folder.File("extensions");
        foreach (var file in Directory.EnumerateFiles(Oracle.Engine("ducklake"), "*.duckdb_extension", SearchOption.AllDirectories))
        {
            var version = Path.GetFileName(Path.GetDirectoryName(file))!;
            var target = Path.Combine(folder, version.StartsWith('v') ? version : "v1.5.5", "linux_amd64");
            Directory.CreateDirectory(target);
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }

        return folder;
    }
}
