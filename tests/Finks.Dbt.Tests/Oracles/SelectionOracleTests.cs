using System.Text.Json;
using Finks.Dbt.Selection;

namespace Finks.Dbt.Tests.Oracles;

public sealed class SelectionOracleTests
{
    private static readonly string[] Criteria =
    [
        "stg_orders", "+revenue", "1+by_status", "stg_prices+", "stg_prices+1", "@stg_prices", "tag:daily", "tag:st*", "path:models/marts", "models/marts/daily", "models/marts/rev*", "shop.marts", "marts.daily.*",
        "revenue.sql", "file:stg_*", "resource_type:seed", "resource_type:model", "test_type:generic", "test_type:singular", "test_name:not_null", "config.materialized:external", "config.meta.owner:data",
        "source:silver", "source:silver.eod_price_raw+1", "stg_orders revenue", "stg_orders+,tag:root", "+child,config.materialized:view", "package:shop", "*_customers", "2+child+1", "named_not_null", "tag:keys", "nothing_here",
    ];

    [Fact]
    public void Every_criterion_chooses_what_real_dbt_lists()
    {
        using var project = ProjectFolder.CopyOf("shop");
        project.Write("profiles.yml", "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, schema: main, threads: 1}}}\n");
        const string Script = """
            import sys, json, io, contextlib
            from dbt.cli.main import dbtRunner
            runner = dbtRunner()
            for text in json.loads(sys.argv[1]):
                with contextlib.redirect_stdout(io.StringIO()):
                    result = runner.invoke(['--quiet', 'ls', '--profiles-dir', '.', '--select', *text.split(' '), '--output', 'json', '--output-keys', 'unique_id'])
                ids = sorted(json.loads(line)['unique_id'] for line in result.result) if result.success and result.result else []
                print(' '.join([i for i in ids if not i.startswith('source.')]))
            """;
        var run = Oracle.Run(Oracle.Python("dbt"), ["-c", Script, JsonSerializer.Serialize(Criteria)], project.Path, new Dictionary<string, string>
        {
            ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "0",
            ["DO_NOT_TRACK"] = "1",
            ["OUT"] = project.Path,
        });
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        var manifest = DbtProject.Load(project.Path, new ProjectOptions(new DbtTarget("dev", "shop", "main")) { EnvironmentVariables = new Dictionary<string, string> { ["OUT"] = project.Path } });
        var listed = run.Output.Split('\n')[..Criteria.Length].Zip(Criteria, (ids, criterion) => $"{criterion}: {ids}").ToList();
        Assert.Single(listed, line => line.EndsWith(": ", StringComparison.Ordinal));
        Assert.Equal(listed, Criteria.Select(criterion => $"{criterion}: {string.Join(' ', new NodeSelector(manifest).Select([criterion], []).Order(StringComparer.Ordinal))}"));
    }
}
