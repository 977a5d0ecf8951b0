namespace Finks.Dbt.Tests.Oracles;

/// <summary>Builds the shop project once with each engine.</summary>
public sealed class ShopBuild : IDisposable
{
    private readonly Lazy<BothEngines> _both = new(() => BothEngines.Build(
        content => content.CopyProject("shop"),
        """
        create schema silver;
        create table silver.eod_price_raw as
        select 'A' as symbol, date '2024-01-01' + i::int as trade_date, i * 1.0 as "open", i + 1.5 as "close" from range(3) t(i);
        """));

    public BothEngines Both => _both.Value;

    public void Dispose()
    {
        if (_both.IsValueCreated)
            _both.Value.Dispose();
    }
}

public sealed class ShopTests(ShopBuild build) : IClassFixture<ShopBuild>
{
    [Fact]
    public void The_shop_has_the_nodes_ids_and_relations_of_real_dbt() => Comparison.NodesAreEqual(build.Both);

    [Fact]
    public void The_shop_ends_with_the_statuses_counts_and_messages_of_real_dbt() => Comparison.ResultsAreEqual(build.Both);

    [Fact]
    public void The_shop_compiles_to_the_sql_of_real_dbt_byte_for_byte() => Comparison.CompiledSqlIsEqual(build.Both);

    [Fact]
    public void The_shop_has_the_relations_types_and_rows_of_real_dbt() => Comparison.RelationsAreEqual(build.Both);

    [Fact]
    public void The_shop_covers_every_outcome()
    {
        Assert.Equal(
            [NodeStatus.Success, NodeStatus.Pass, NodeStatus.Warn, NodeStatus.Fail, NodeStatus.Error, NodeStatus.Skipped],
            build.Both.Result.Results.Select(result => result.Status).Distinct().Order());
    }
}
