namespace Finks.Contracts.Tests;

/// <summary>What a contract says on quality, as the model has it; the official schema accepts the same text.</summary>
public sealed class QualityTermsTests
{
    private const string Dataset = """
            description: One price.
            quality:
              - type: text
                description: Prose.
              - metric: rowCount
                mustBeGreaterThan: 0
              - metric: duplicateValues
                arguments: { properties: [date, close] }
                mustBeLessOrEqualTo: 5
                unit: percent
                severity: warning
              - type: sql
                name: positive
                query: select count(*) from ${table} where close < 0
                mustNotBeBetween: [1, 10]
                severity: error
                dimension: accuracy
                businessImpact: Losses look like gains.
                customProperties:
                  - { property: action, value: quarantine }
                  - { property: rowsAtFault, value: close < 0 }
              - type: custom
                engine: finks
                implementation: { check: rows_refused, share: 0.05, rows: 3 }
                severity: warning
              - type: custom
                engine: finks
                implementation: { check: row_volume, deviations: 4, tolerance: 0.25, history: 10, least: 3 }
                customProperties: [{ property: action, value: block }]
              - type: custom
                engine: finks
                implementation: { check: field_missing }
                severity: info
              - type: custom
                engine: finks
                implementation: { check: freshness }
                severity: error
        """;

    private const string Column = """
                description: Closing price.
                unique: true
                quality:
                  - metric: nullValues
                    mustBe: 0
                    customProperties: [{ property: action, value: quarantine }]
                  - metric: invalidValues
                    arguments: { pattern: '[0-9.]+' }
                    mustBe: 0
                  - type: custom
                    engine: finks
                    implementation: { check: distribution, measures: [null_share, median] }
        """;

    private static string Yaml => ContractFiles.Valid
        .Replace("    description: One price.", Dataset, StringComparison.Ordinal)
        .Replace("        description: Closing price.", Column, StringComparison.Ordinal)
        .Replace("schema:", "slaProperties:\n  - { property: latency, value: 36, unit: h, element: price.date }\nschema:", StringComparison.Ordinal);

    [Fact]
    public void Every_term_reaches_the_model()
    {
        var terms = ContractReader.Parse(Yaml, "x").Quality;

        Assert.Equal(["close.unique", "close.null_values", "close.invalid_values", "row_count", "duplicate_values", "positive"], terms.Rules.Select(r => r.Name));
        Assert.Equal([CheckAction.Quarantine, CheckAction.Quarantine, CheckAction.Block, CheckAction.Block, CheckAction.Warn, CheckAction.Quarantine], terms.Rules.Select(r => r.Consequence.Action));
        Assert.Equal("[0-9.]+", terms.Rules[2].Pattern);
        Assert.Equal((true, "date,close", new Limit(Comparison.MustBeLessOrEqualTo, 5, 5)), (terms.Rules[4].Percent, string.Join(',', terms.Rules[4].Columns), terms.Rules[4].Limit));
        Assert.Equal((new Limit(Comparison.MustNotBeBetween, 1, 10), "close < 0", "accuracy", "Losses look like gains."), (terms.Rules[5].Limit, terms.Rules[5].RowsAtFault, terms.Rules[5].Dimension, terms.Rules[5].BusinessImpact));
        Assert.Equal(new RefusalTerms { Share = 0.05, Rows = 3, Consequence = new Consequence(Severity.Warning, CheckAction.Warn) }, terms.Refusals);
        Assert.Equal(new HistoryTerms(new Consequence(Severity.Warning, CheckAction.Block)) { Deviations = 4, Tolerance = 0.25, History = 10, Least = 3 }, terms.Volume);
        Assert.Equal(("close", "null_share,median"), (terms.Distributions[0].Column, string.Join(',', terms.Distributions[0].Measures)));
        Assert.Equal(new Consequence(Severity.Info, CheckAction.Warn), terms.FieldMissing);
        Assert.Equal(new Consequence(Severity.Error, CheckAction.Block), terms.FieldRenamed);
        Assert.Equal(new FreshnessTerms("date", TimeSpan.FromHours(36)) { Consequence = new Consequence(Severity.Error, CheckAction.Block) }, terms.Freshness);
    }

    [Fact]
    public void The_official_schema_accepts_what_the_reader_accepts()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("quality.odcs.yaml");
        File.WriteAllText(path, Yaml);

        var result = StandardSchemaTests.Validate([path]);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [Theory]
    [InlineData(Comparison.MustBe, 5, 5, 5, true)]
    [InlineData(Comparison.MustBe, 5, 5, 4, false)]
    [InlineData(Comparison.MustNotBe, 5, 5, 5, false)]
    [InlineData(Comparison.MustBeGreaterThan, 5, 5, 5, false)]
    [InlineData(Comparison.MustBeGreaterOrEqualTo, 5, 5, 5, true)]
    [InlineData(Comparison.MustBeLessThan, 5, 5, 5, false)]
    [InlineData(Comparison.MustBeLessOrEqualTo, 5, 5, 5, true)]
    [InlineData(Comparison.MustBeBetween, 5, 6, 6, true)]
    [InlineData(Comparison.MustBeBetween, 5, 6, 7, false)]
    [InlineData(Comparison.MustNotBeBetween, 5, 6, 6, false)]
    [InlineData(Comparison.MustNotBeBetween, 5, 6, 7, true)]
    public void A_limit_allows_what_its_comparison_says(Comparison comparison, int low, int high, double value, bool expected) =>
        Assert.Equal(expected, new Limit(comparison, low, high).Allows(value));
}
