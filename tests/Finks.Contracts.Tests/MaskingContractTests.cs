namespace Finks.Contracts.Tests;

/// <summary>What a contract says on personal data, and what it may not say.</summary>
public sealed class MaskingContractTests
{
    [Theory]
    [InlineData("classification: pii", Masking.Hash, "VARCHAR")]
    [InlineData("classification: Personal", Masking.Hash, "VARCHAR")]
    [InlineData("classification: confidential\n        customProperties: [{ property: masking, value: redact }]", Masking.Redact, "DECIMAL(28,8)")]
    [InlineData("classification: restricted\n        customProperties: [{ property: masking, value: hash }]", Masking.Hash, "VARCHAR")]
    [InlineData("classification: public", Masking.None, "DECIMAL(28,8)")]
    [InlineData("classification: internal", Masking.None, "DECIMAL(28,8)")]
    public void Personal_data_is_hashed_unless_the_contract_says_redact(string lines, Masking masking, string stored)
    {
        var column = ContractReader.Parse(WithClose(lines), "x").Columns.Single(c => c.Name == "close");

        Assert.Equal((masking, stored, "DECIMAL(28,8)"), (column.Masking, column.StoredType.DuckDbName, column.Type.DuckDbName));
    }

    [Theory]
    [InlineData("classification: pi", "unknown classification 'pi', so nobody can say whether it must be masked. Did you mean 'pii'?")]
    [InlineData("classification: pii\n        customProperties: [{ property: masking, value: hsh }]", "unknown masking 'hsh'. Did you mean 'hash'?")]
    [InlineData("customProperties: [{ property: masking, value: hash }]", "has masking but is not classified as personal data. Add 'classification: pii'")]
    [InlineData("classification: public\n        customProperties: [{ property: masking, value: redact }]", "is not classified as personal data")]
    public void A_word_that_could_let_values_through_is_refused(string lines, string problem) =>
        Assert.Contains(problem, Assert.Single(Problems(WithClose(lines))).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_redacted_column_can_neither_be_key_nor_say_what_a_reply_is_complete_for()
    {
        var problems = Problems(With("symbol", "classification: pii\n        customProperties: [{ property: masking, value: redact }]"));

        Assert.Equal(2, problems.Count);
        Assert.Contains(problems, p => p.Message.Contains("completeWithin: 'by' names the column 'symbol', which is masked", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Message.Contains("'symbol' is part of the key and redacted", StringComparison.Ordinal) && p.WhatToDo.Contains("masking: hash", StringComparison.Ordinal));
    }

    [Fact]
    public void A_hashed_key_is_fine() =>
        Assert.Equal(["symbol", "date"], ContractReader.Parse(With("symbol", "classification: pii"), "x").Key);

    [Fact]
    public void A_hashed_date_can_neither_partition_nor_bound_what_is_complete() =>
        Assert.Equal(2, Problems(With("date", "classification: pii")).Count(p => p.Message.Contains("'date', which is masked", StringComparison.Ordinal)));

    private static IReadOnlyList<ContractProblem> Problems(string contract) => Assert.Throws<ContractException>(() => ContractReader.Parse(contract, "x")).Problems;

    private static string WithClose(string lines) => With("close", lines);

    private static string With(string column, string lines) =>
        ContractFiles.Valid.Replace($"      - name: {column}\n", $"      - name: {column}\n        {lines}\n", StringComparison.Ordinal);
}
