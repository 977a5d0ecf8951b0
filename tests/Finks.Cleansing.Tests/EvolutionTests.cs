using Finks.Contracts;
using Finks.Lake;

namespace Finks.Cleansing.Tests;

/// <summary>Contracts change while Silver has rows.</summary>
public sealed class EvolutionTests : IDisposable
{
    private const string Dataset = "eod_price_raw";

    private readonly CleansingFixture _lake = new();

    private readonly Contract _before = CleansingFixture.Contracts.Get(Dataset);

    public void Dispose() => _lake.Dispose();

    [Fact]
    public void A_column_that_the_contract_gains_is_null_in_the_rows_that_are_there()
    {
        var narrow = _before with { Columns = [.. _before.Columns.Where(c => c.Name != "open")] };
        Cleanse(narrow, Fmp.Price("AAPL", "2026-03-02", 264.5));
        Cleanse(_before, Fmp.Price("AAPL", "2026-03-03", 265.5));

        Assert.Equal(["2026-03-02|null", "2026-03-03|1.00000000"], _lake.Silver(Dataset, "date,open", "order by date"));
    }

    [Fact]
    public void A_required_column_can_be_gained_too()
    {
        var narrow = _before with { Columns = [.. _before.Columns.Where(c => c.Name != "close")] };
        Cleanse(narrow, Fmp.Price("AAPL", "2026-03-02", 264.5));
        Cleanse(_before, Fmp.Price("AAPL", "2026-03-03", 265.5));

        Assert.True(_before.Columns.Single(c => c.Name == "close").Required);
        Assert.Equal(["2026-03-02|null", "2026-03-03|265.50000000"], _lake.Silver(Dataset, "date,close", "order by date"));
    }

    [Fact]
    public void A_wider_type_takes_the_values_that_are_there_and_a_repetition_stays_one()
    {
        var narrow = With("close", c => c with { Type = new ColumnType(ColumnKind.Decimal, 18, 4) });
        Cleanse(narrow, Fmp.Price("AAPL", "2026-03-02", 264.5));
        Cleanse(_before, Fmp.Price("AAPL", "2026-03-02", 264.5), Fmp.Price("AAPL", "2026-03-03", 265.12345678));

        Assert.Equal(["2026-03-02|264.50000000", "2026-03-03|265.12345678"], _lake.Silver(Dataset, "date,close", "order by date"));
    }

    [Fact]
    public void A_narrower_type_is_refused_and_nothing_is_lost()
    {
        Cleanse(_before, Fmp.Price("AAPL", "2026-03-02", 264.5));
        var before = _lake.Lake.CurrentSnapshot();

        var told = Assert.ThrowsAny<Exception>(() => Cleanse(With("close", c => c with { Type = new ColumnType(ColumnKind.Decimal, 18, 4) }), Fmp.Price("AAPL", "2026-03-03", 1)));

        Assert.True(told is CleanseException or LakeException, told.ToString());
        Assert.Contains("close", told.Message, StringComparison.Ordinal);
        Assert.Equal(before, _lake.Lake.CurrentSnapshot());
        Assert.Single(_lake.Bronze.Unconsumed("fmp", Dataset));
    }

    [Fact]
    public void A_renamed_column_keeps_its_values_and_old_snapshots_their_name()
    {
        Cleanse(_before, Fmp.Price("AAPL", "2026-03-02", 264.5));
        var then = _lake.Lake.CurrentSnapshot();
        Cleanse(With("close", c => c with { Name = "last", RenamedFrom = "close" }), Fmp.Price("AAPL", "2026-03-02", 264.5), Fmp.Price("AAPL", "2026-03-03", 265.5));

        Assert.Equal(["2026-03-02|264.50000000", "2026-03-03|265.50000000"], _lake.Silver(Dataset, "date,last", "order by date"));
        var table = _lake.Lake.FindTable("silver", Dataset, then)!;
        Assert.Contains(table.Columns, c => c.Name == "close");
        using var duckdb = DuckDb.OpenInMemory();
        Assert.Equal(264.5, duckdb.Scalar<double>($"select close from ({_lake.Lake.ReadSql(table, then)})"));
    }

    [Fact]
    public void A_column_that_the_contract_gives_up_stays_and_is_null_in_new_rows()
    {
        Cleanse(_before, Fmp.Price("AAPL", "2026-03-02", 264.5));
        Cleanse(_before with { Columns = [.. _before.Columns.Where(c => c.Name != "close")] }, Fmp.Price("AAPL", "2026-03-03", 265.5));

        Assert.Equal(["2026-03-02|264.50000000", "2026-03-03|null"], _lake.Silver(Dataset, "date,close", "order by date"));
    }

    private void Cleanse(Contract contract, params string[] prices)
    {
        _lake.Clock.Advance(TimeSpan.FromDays(1));
        _lake.Receive(Dataset, Fmp.List(prices));
        _lake.Cleanse(contracts: [contract]);
    }

    private Contract With(string column, Func<ContractColumn, ContractColumn> change) =>
        _before with { Columns = [.. _before.Columns.Select(c => c.Name == column ? change(c) : c)] };
}
