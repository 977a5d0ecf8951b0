namespace Finks.Contracts.Tests;

public sealed class ContractModelTests
{
    [Theory]
    [InlineData("security_profile", "symbol", 36, "1.00:00:00", null)]
    [InlineData("eod_price_raw", "symbol,date", 7, "18:00:00", "date")]
    [InlineData("eod_price_split_adjusted", "symbol,date", 10, "18:00:00", "date")]
    [InlineData("dividend", "symbol,ex_date,dividend", 9, "18:00:00", null)]
    [InlineData("split", "symbol,date", 5, "18:00:00", null)]
    [InlineData("income_statement", "symbol,fiscal_year,period", 39, "1.00:00:00", null)]
    public void Each_dataset_has_its_key_columns_cadence_and_partition(string dataset, string key, int columns, string cadence, string? partition)
    {
        var contract = ContractFiles.Read(dataset);
        Assert.Equal(dataset, contract.Dataset);
        Assert.Equal(key, string.Join(',', contract.Key));
        Assert.Equal(columns, contract.Columns.Count);
        Assert.Equal(TimeSpan.Parse(cadence, null), contract.Source.Cadence);
        Assert.Equal(partition, contract.PartitionByYearOf);
        Assert.Equal("fmp", contract.Source.Source);
        Assert.Equal("fetched_at", contract.Source.KnowledgeTime);
        Assert.All(contract.Columns.Where(c => c.KeyPosition is not null), c => Assert.True(c.Required, c.Name));
    }

    [Theory]
    [InlineData("eod_price_raw", "close", "adjClose", "DECIMAL(28,8)")]
    [InlineData("eod_price_raw", "volume", "volume", "DECIMAL(28,8)")]
    [InlineData("eod_price_split_adjusted", "change_percent", "changePercent", "DOUBLE")]
    [InlineData("dividend", "ex_date", "date", "DATE")]
    [InlineData("security_profile", "is_etf", "isEtf", "BOOLEAN")]
    [InlineData("security_profile", "full_time_employees", "fullTimeEmployees", "BIGINT")]
    [InlineData("security_profile", "cik", "cik", "VARCHAR")]
    [InlineData("income_statement", "accepted_date", "acceptedDate", "TIMESTAMPTZ")]
    [InlineData("income_statement", "weighted_average_shs_out_dil", "weightedAverageShsOutDil", "DECIMAL(28,4)")]
    [InlineData("income_statement", "eps", "eps", "DECIMAL(18,6)")]
    public void A_column_has_its_source_field_and_type(string dataset, string column, string field, string type)
    {
        var found = Column(dataset, column);
        Assert.Equal(field, found.SourceField);
        Assert.Equal(type, found.Type.DuckDbName);
    }

    [Fact]
    public void Every_type_that_a_file_states_is_the_type_of_the_model()
    {
        foreach (var path in Directory.GetFiles(ContractFiles.Folder))
        {
            var stated = File.ReadLines(path).Select(l => l.Trim()).Where(l => l.StartsWith("physicalType: ", StringComparison.Ordinal)).Skip(1);
            Assert.Equal(stated.Select(l => l["physicalType: ".Length..]), ContractReader.Read(path).Columns.Select(c => c.Type.DuckDbName));
        }
    }

    [Fact]
    public void The_only_wall_clock_time_is_in_New_York()
    {
        var zones = Directory.GetFiles(ContractFiles.Folder).Select(ContractReader.Read)
            .SelectMany(c => c.Columns.Where(x => x.SourceZone is not null).Select(x => $"{c.Dataset}.{x.Name} {x.SourceZone}"));
        Assert.Equal(["income_statement.accepted_date America/New_York"], zones);
    }

    [Fact]
    public void Ranges_reject_only_the_impossible()
    {
        Assert.Equal(0, Column("eod_price_raw", "close").Minimum);
        Assert.Equal(0, Column("split", "denominator").ExclusiveMinimum);
        Assert.Null(Column("split", "denominator").Minimum);
        Assert.Null(Column("income_statement", "revenue").Minimum);
        Assert.Equal(2200, Column("income_statement", "fiscal_year").Maximum);
        Assert.Equal(["FY", "Q1", "Q2", "Q3", "Q4"], Column("income_statement", "period").AllowedValues);
        Assert.Equal(@"^\S+$", Column("dividend", "symbol").Pattern);
        Assert.Equal(["fillingDate"], Column("income_statement", "filing_date").SourceAliases);
    }

    [Fact]
    public void Prices_are_asked_for_by_window_and_rewritten_by_splits()
    {
        var contract = ContractFiles.Read("eod_price_split_adjusted");
        Assert.Equal("historical-price-eod/full", contract.Source.Endpoint);
        Assert.Equal(RequestWindow.DateRange, contract.Source.Window);
        Assert.Equal(5000, contract.Source.MaxRowsPerReply);
        Assert.Equal("split", contract.Source.RewrittenBy);
        Assert.Equal(["symbol={symbol}", "from={from}", "to={to}"], contract.Source.ParameterSets.Single().Select(p => $"{p.Key}={p.Value}"));
        Assert.Equal(["symbol"], contract.CompleteWithin!.By);
        Assert.Equal("date", contract.CompleteWithin.Range);
        Assert.Null(ContractFiles.Read("eod_price_raw").Source.RewrittenBy);
    }

    [Fact]
    public void Statements_are_asked_for_by_year_and_by_quarter()
    {
        var contract = ContractFiles.Read("income_statement");
        Assert.Equal(["annual", "quarter"], contract.Source.ParameterSets.Select(s => s["period"]));
        Assert.All(contract.Source.ParameterSets, s => Assert.Equal("1000", s["limit"]));
        Assert.Equal(RequestWindow.Whole, contract.Source.Window);
        Assert.Equal(["symbol", "period"], contract.CompleteWithin!.By);
        Assert.Null(ContractFiles.Read("security_profile").CompleteWithin);
    }

    private static ContractColumn Column(string dataset, string name) => ContractFiles.Read(dataset).Columns.Single(c => c.Name == name);
}
