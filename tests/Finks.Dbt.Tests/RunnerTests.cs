namespace Finks.Dbt.Tests;

public sealed class RunnerTests
{
    [Fact]
    public void A_failing_test_keeps_its_rows_and_stops_what_is_downstream()
    {
        using var project = Orders();
        var (result, database) = project.Build();
        using (database)
        {
            var test = result.Results.Single(one => one.Node.ResourceType == ResourceType.Test);
            Assert.Equal((NodeStatus.Fail, 25L, "Got 25 results, configured to fail if != 0"), (test.Status, test.Failures, test.Message));
            Assert.Equal(FailingRows.Limit, test.FailingRows!.Rows.Count);
            var skipped = result.Results.Single(one => one.Node.Name == "after");
            Assert.Equal(NodeStatus.Skipped, skipped.Status);
            Assert.StartsWith("skipped because test.shop.not_null_orders_id.", skipped.Message, StringComparison.Ordinal);
            Assert.False(result.Succeeded);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Any_number_of_threads_gives_the_same_results_in_the_same_order(int threads)
    {
        using var project = new ProjectFolder();
        for (var i = 0; i < 12; i++)
            project.Write($"models/t{i:00}.sql", $"{{{{ config(materialized='table') }}}} select {i} as n {(i < 3 ? "" : $"union all from {{{{ ref('t{i - 3:00}') }}}}")}");
        var (result, database) = project.Build(new BuildOptions { Threads = threads });
        using (database)
        {
            Assert.True(result.Succeeded, string.Join('\n', result.Results.Select(one => one.Message)));
            Assert.Equal(Enumerable.Range(0, 12).Select(i => $"t{i:00}"), result.Results.Select(one => one.Node.Name).Order());
            Assert.Equal(["1", "4", "7", "10"], database.AskList("select n from main.t10 order by n"));
        }
    }

    [Fact]
    public void Several_threads_work_on_one_database_file()
    {
        using var project = new ProjectFolder();
        for (var i = 0; i < 8; i++)
            project.Write($"models/v{i}.sql", $"select {i} as n");
        project.Write("models/total.sql", $"{{{{ config(materialized='table') }}}} {string.Join(" union all ", Enumerable.Range(0, 8).Select(i => $"from {{{{ ref('v{i}') }}}}"))}");
        using var database = new DuckDB.NET.Data.DuckDBConnection($"Data Source={Path.Combine(project.Path, "memory.duckdb")}");
        database.Open();
        var seen = new List<string>();
        var result = new DbtRunner(new TickingClock()).Build(
            project.Load(), database, new BuildOptions { Threads = 4 }, new Listener(seen), TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, string.Join('\n', result.Results.Select(one => one.Message)));
        Assert.Equal(result.Results.Select(one => one.Node.Name).Order(), seen.Order());
        Assert.Equal("total", seen[^1]);
        Assert.Equal(8, result.Results.Single(one => one.Node.Name == "total").Rows);
        Assert.Equal("28", database.AskList("select sum(n) from total").Single());
    }

    [Fact]
    public void Failing_fast_skips_what_has_not_started()
    {
        using var project = new ProjectFolder();
        project.Write("models/a.sql", "select nonsense").Write("models/b.sql", "select 1 as one");
        var (result, database) = project.Build(new BuildOptions { FailFast = true });
        using (database)
            Assert.Equal([NodeStatus.Error, NodeStatus.Skipped], result.Results.Select(one => one.Status));
    }

    [Fact]
    public void A_failed_rebuild_leaves_the_former_table_in_place()
    {
        using var project = new ProjectFolder();
        project.Write("models/m.sql", "{{ config(materialized='table') }} select 1 as one");
        var (_, database) = project.Build();
        using (database)
        {
            project.Write("models/m.sql", "{{ config(materialized='table') }} select nonsense");
            var again = new DbtRunner(new TickingClock()).Build(project.Load(), database, new BuildOptions(), cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(NodeStatus.Error, again.Results.Single().Status);
            Assert.StartsWith("models/m.sql: ", again.Results.Single().Message, StringComparison.Ordinal);
            Assert.Equal(["m"], database.AskList("select table_name from duckdb_tables()"));
            Assert.Equal(1, database.Ask("select one from m"));
        }
    }

    [Fact]
    public void A_model_may_turn_from_a_table_into_a_view_and_leftovers_are_dropped()
    {
        using var project = new ProjectFolder();
        project.Write("models/m.sql", "{{ config(materialized='table') }} select 1 as one");
        var (_, database) = project.Build();
        using (database)
        {
            database.Ask("create table m__dbt_tmp as select 0 as zero");
            project.Write("models/m.sql", "select 2 as two");
            Assert.True(new DbtRunner(new TickingClock()).Build(project.Load(), database, new BuildOptions(), cancellation: TestContext.Current.CancellationToken).Succeeded);
            Assert.Empty(database.AskList("select table_name from duckdb_tables()"));
            Assert.Equal(2, database.Ask("select two from m"));
        }
    }

    [Fact]
    public void A_seed_is_emptied_and_filled_again_and_a_full_refresh_takes_new_types()
    {
        using var project = new ProjectFolder();
        project.Write("seeds/s.csv", "id\n1\n2\n");
        var (_, database) = project.Build();
        using (database)
        {
            project.Write("seeds/s.csv", "id\n3\nx\n");
            var kept = new DbtRunner(new TickingClock()).Build(project.Load(), database, new BuildOptions(), cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(NodeStatus.Error, kept.Results.Single().Status);
            Assert.Equal(2L, database.Ask("select count(*) from s"));
            var refreshed = new DbtRunner(new TickingClock()).Build(project.Load(), database, new BuildOptions { FullRefresh = true }, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(("INSERT 2", 2L), (refreshed.Results.Single().Message, refreshed.Results.Single().Rows));
            Assert.Equal("VARCHAR", database.Ask("select data_type from duckdb_columns() where table_name = 's'"));
        }
    }

    [Fact]
    public void A_database_that_is_not_attached_is_named_before_anything_runs()
    {
        using var project = new ProjectFolder();
        project.Write("models/m.sql", "{{ config(database='elsewhere') }} select 1 as one");
        Assert.Contains("the connection has no database 'elsewhere'", Assert.Throws<DbtException>(() => project.Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_build_throws()
    {
        using var project = new ProjectFolder();
        project.Write("models/m.sql", "select 1 as one");
        using var database = new DuckDB.NET.Data.DuckDBConnection("Data Source=:memory:");
        database.Open();
        Assert.Throws<OperationCanceledException>(() => new DbtRunner(new TickingClock()).Build(project.Load(), database, new BuildOptions(), cancellation: new CancellationToken(canceled: true)));
    }

    private sealed class Listener(List<string> seen) : IProgress<NodeResult>
    {
        public void Report(NodeResult value) => seen.Add(value.Node.Name);
    }

    private static ProjectFolder Orders()
    {
        var project = new ProjectFolder();
        project.Write("models/orders.sql", "select nullif(i, i) as id from range(25) t(i)").Write("models/after.sql", "select * from {{ ref('orders') }}");
        return project.Write("models/s.yml", "models: [{name: orders, columns: [{name: id, data_tests: [not_null]}]}]");
    }
}
