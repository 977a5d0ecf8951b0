namespace Finks.Contracts.Tests;

public sealed class ContractProblemTests
{
    [Fact]
    public void All_mistakes_of_a_file_are_reported_at_once_with_their_places()
    {
        const string Broken = """
            apiVersion: v3.0.2
            kind: DataContract
            id: 7
            status: active
            ownr: me
            customProperties:
              - property: source
                value: fmp
              - property: endpoint
                value: prices
              - property: parameters
                value:
                  - { symbol: "{symbl}" }
              - property: window
                value: hole
              - property: cadence
                value: P1M
              - property: knowledgeTime
                value: fetched_at
              - property: completeWithin
                value: { by: [symbl] }
              - property: partitionByYearOf
                value: close
            schema:
              - name: Price
                description: One price.
                properties:
                  - name: symbol
                    physicalName: symbol
                    logicalType: string
                    physicalType: BIGINT
                    required: true
                    primaryKey: true
                    primaryKeyPosition: 2
                    logicalTypeOptions: { pattern: '(' }
                    description: Ticker.
                  - name: close
                    physicalName: close
                    logicalType: numbr
                    physicalType: DOUBLE
                    description: Closing price.
                  - name: CLOSE
                    physicalName: close
                    logicalType: number
                    physicalType: DOUBLE
                    required: "yes"
                    logicalTypeOptions: { minimum: 1.2.3 }
                    description: Again.
            """;
        var exception = Assert.Throws<ContractException>(() => ContractReader.Parse(Broken, "x.odcs.yaml"));
        string[] expected =
        [
            "1:1 the contract lacks the required key 'version'",
            "1:13 the apiVersion is 'v3.0.2'",
            "3:5 the contract: 'id' must be text but is the number 7",
            "5:1 the contract has the unknown key 'ownr'",
            "13:19 parameter set 1: 'symbol' holds the unknown placeholder '{symbl}'",
            "15:12 the window 'hole' is unknown",
            "17:12 the cadence 'P1M' is no ISO 8601 duration",
            "21:19 completeWithin: 'by' names the unknown column 'symbl'",
            "23:12 partitionByYearOf names the column 'close', which is no date",
            "25:11 the dataset 'Price': the name 'Price' is not in snake case",
            "31:23 the column 'symbol' has the physicalType 'BIGINT'",
            "34:29 the column 'symbol' has the key position 2",
            "35:40 the column 'symbol': logicalTypeOptions: the pattern is no regular expression",
            "39:22 the column 'close' has the logicalType 'numbr'",
            "42:15 the column 'CLOSE': the name 'CLOSE' is not in snake case",
            "42:15 the column 'CLOSE' exists twice",
            "46:19 the column 'CLOSE': 'required' must be true or false",
            "47:40 the column 'CLOSE': logicalTypeOptions: 'minimum' must be a number but is the text '1.2.3'",
        ];
        var found = exception.Problems.Select(p => $"{p.Line}:{p.Column} {p.Message}").ToList();
        Assert.Equal(expected, found.Select((f, i) => i < expected.Length ? f[..Math.Min(f.Length, expected[i].Length)] : f));
        Assert.Equal(expected.Length, exception.Message.Split('\n').Length);
        Assert.Contains("x.odcs.yaml:39:22: the column 'close' has the logicalType 'numbr', which Silver cannot store. Did you mean 'number'?", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: DataContract", "kind: [", "is not valid YAML")]
    [InlineData("kind: DataContract", "id: again", "is not valid YAML")]
    [InlineData("value: prices", "value: /stable/prices", "is not a path below")]
    [InlineData("value: dateRange", "value: whole", "the window is whole")]
    [InlineData(", to: \"{to}\"", "", "must use {from} and {to}")]
    [InlineData("value: fetched_at", "value: published_at", "the knowledgeTime 'published_at' is unknown")]
    [InlineData("property: completeWithin", "property: completWithin", "the unknown custom property 'completWithin'")]
    [InlineData("property: window", "property: source", "the custom property 'source' twice")]
    [InlineData("range: date", "range: symbol", "which is no date")]
    [InlineData("range: date", "rnge: date", "the unknown key 'rnge'")]
    [InlineData("by: [symbol]", "by: []", "'by' names no column")]
    [InlineData("value: PT18H", "value: PT0S", "is no ISO 8601 duration")]
    [InlineData("value: PT18H", "value: P1DT", "is no ISO 8601 duration")]
    [InlineData("value: PT18H", "value: 18", "'cadence' must be text but is the number 18")]
    [InlineData("primaryKeyPosition: 2", "primaryKeyPosition: 1", "which another has too")]
    [InlineData("primaryKeyPosition: 2", "unique: false", "has no primaryKeyPosition")]
    [InlineData("primaryKeyPosition: 2", "primaryKeyPosition: 1.5", "must be a whole number")]
    [InlineData("primaryKey: true", "primaryKey: false", "no column is part of the key")]
    [InlineData("required: true", "required: false", "so must be required")]
    [InlineData("physicalType: DECIMAL(28,8)", "physicalType: DECIMAL(39,8)", "does not fit the logicalType 'number'")]
    [InlineData("physicalType: DECIMAL(28,8)", "physicalType: FLOAT", "does not fit the logicalType 'number'")]
    [InlineData("physicalType: DECIMAL(28,8)", "physicalType: 28", "must be text but is the number 28")]
    [InlineData("minimum: 0", "multipleOf: 2", "Finks does not check 'multipleOf'")]
    [InlineData("minimum: 0", "minimum: 1e99", "which no decimal number can hold")]
    [InlineData("minimum: 0", "minimum: 3, maximum: 2", "no value lies between")]
    [InlineData("description: Closing price.", "quality: [{ metric: nulValues, mustBe: 0 }]", "the unknown metric 'nulValues'")]
    [InlineData("description: Closing price.", "quality: [{ metric: nullValues }]", "does not say what the value must be")]
    [InlineData("description: Closing price.", "quality: [{ metric: nullValues, mustBe: 0, mustNotBe: 1 }]", "has 2 comparisons")]
    [InlineData("description: Closing price.", "quality: [{ metric: nullValues, mustBeBetween: [2, 1] }]", "does not hold two numbers")]
    [InlineData("description: Closing price.", "quality: [{ metric: nullValues, mustBe: 0, severity: fatal }]", "the severity 'fatal' is unknown")]
    [InlineData("description: Closing price.", "quality: [{ metric: nullValues, mustBe: 0, unit: furlongs }]", "the unit 'furlongs' is unknown")]
    [InlineData("description: Closing price.", "quality: [{ metric: rowCount, mustBe: 0 }]", "is about a dataset, not a column")]
    [InlineData("description: Closing price.", "quality: [{ metric: missingValues, mustBe: 0 }]", "lacks the required key 'arguments'")]
    [InlineData("description: Closing price.", "quality: [{ type: sql, query: select 1, mustBe: 0 }]", "lacks the required key 'name'")]
    [InlineData("description: Closing price.", "quality: [{ type: sql, name: x y, query: select 1, mustBe: 0 }]", "'x y' cannot name a check")]
    [InlineData("description: Closing price.", "quality: [{ type: sql, name: x, query: select 1, mustBe: 0, customProperties: [{ property: action, value: quarantine }] }]", "nothing says which rows are at fault")]
    [InlineData("description: Closing price.", "quality: [{ metric: nullValues, mustBe: 0 }, { metric: nullValues, mustBe: 1 }]", "has a check 'close.null_values' already")]
    [InlineData("description: Closing price.", "quality: [{ type: custom, engine: soda, implementation: {} }]", "for another engine")]
    [InlineData("description: Closing price.", "quality: [{ type: custom, engine: finks, implementation: { check: row_volum } }]", "Finks has no check 'row_volum'")]
    [InlineData("description: Closing price.", "quality: [{ type: custom, engine: finks, implementation: { check: row_volume } }]", "'row_volume' is about a dataset")]
    [InlineData("description: Closing price.", "quality: [{ type: custom, engine: finks, implementation: { check: distribution, measures: [mode] } }]", "there is no measure 'mode'")]
    [InlineData("description: Ticker.", "quality: [{ type: custom, engine: finks, implementation: { check: distribution, measures: [mean] } }]", "only numbers have a median and a mean")]
    [InlineData("description: Closing price.", "quality: [{ type: custom, engine: finks, implementation: { check: distribution, measures: [mean], least: 30 } }]", "there are never 30")]
    [InlineData("description: One price.", "quality: [{ metric: duplicateValues, mustBe: 0, arguments: { properties: [cloze] } }]", "the unknown column 'cloze'")]
    [InlineData("status: active", "status: active\nslaProperties: [{ property: latency, value: 1, unit: d, element: close }]", "'close' is no date or timestamp column")]
    [InlineData("status: active", "status: active\nslaProperties: [{ property: latency, value: 1, unit: y, element: date }]", "the unit 'y' is unknown")]
    [InlineData("minimum: 0", "minimum: 2, exclusiveMaximum: 2", "no value lies between")]
    [InlineData("description: Ticker.", "logicalTypeOptions: { minLength: 3, maxLength: 2 }", "no text has a length between")]
    [InlineData("description: Closing price.", "description: ", "'description' must be text but is empty")]
    [InlineData("description: Closing price.", "description: ''", "'description' is blank")]
    [InlineData("logicalType: number", "logicalType: timestamp", "without the custom property sourceZone")]
    [InlineData("schema:", "schema: []\nservers:", "the schema holds no dataset")]
    [InlineData("schema:", "servers:", "lacks the required key 'schema'")]
    [InlineData("schema:", "schema:\n  - { name: other }", "describes 2 datasets")]
    [InlineData("schema:", "schema: {}\nservers:", "'schema' must be a list but is a mapping")]
    public void A_mistake_is_named(string right, string wrong, string message)
    {
        var broken = ContractFiles.Valid.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(ContractFiles.Valid, broken);
        var exception = Assert.Throws<ContractException>(() => ContractReader.Parse(broken, "x"));
        Assert.Contains(exception.Problems, p => p.Message.Contains(message, StringComparison.Ordinal));
        Assert.All(exception.Problems, p => Assert.InRange(p.Line, 1, broken.Split('\n').Length));
    }

    [Theory]
    [InlineData("PT18H", "18:00:00")]
    [InlineData("P1D", "1.00:00:00")]
    [InlineData("P2W", "14.00:00:00")]
    [InlineData("P1DT2H3M4S", "1.02:03:04")]
    public void A_cadence_of_fixed_length_is_read(string text, string expected) =>
        Assert.Equal(TimeSpan.Parse(expected, null), ContractReader.Parse(ContractFiles.Valid.Replace("PT18H", text, StringComparison.Ordinal), "x").Source.Cadence);

    [Fact]
    public void An_unknown_time_zone_is_named()
    {
        var yaml = File.ReadAllText(ContractFiles.PathOf("income_statement")).Replace("America/New_York", "America/NewYork", StringComparison.Ordinal);
        var problem = Assert.Single(Assert.Throws<ContractException>(() => ContractReader.Parse(yaml, "x")).Problems);
        Assert.Contains("America/NewYork", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_of_the_standard_that_Finks_does_not_use_are_accepted()
    {
        var yaml = ContractFiles.Valid.Replace(
            "status: active", "status: active\ntags: [a]\nslaProperties: [{ property: retention, value: 1 }]\nteam: { name: data }", StringComparison.Ordinal);
        Assert.Equal("price", ContractReader.Parse(yaml, "x").Dataset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment")]
    [InlineData("text")]
    [InlineData("- a\n- b")]
    [InlineData("a: 1\n---\nb: 2")]
    [InlineData("? [a, b]\n: c")]
    public void A_file_that_is_no_contract_at_all_is_reported(string yaml) =>
        Assert.NotEmpty(Assert.Throws<ContractException>(() => ContractReader.Parse(yaml, "x")).Problems);

    [Fact]
    public void A_file_that_does_not_exist_is_reported()
    {
        var problem = Assert.Single(Assert.Throws<ContractException>(() => ContractReader.Read("absent.odcs.yaml")).Problems);
        Assert.Equal("absent.odcs.yaml", problem.File);
    }
}
