namespace Finks.Contracts.Tests;

/// <summary>The contracts of this repository, as test data.</summary>
internal static class ContractFiles
{
    public static string Folder => Checkout.PathOf("contracts", "fmp");

    public static string PathOf(string dataset) => Path.Combine(Folder, dataset + ".odcs.yaml");

    public static Contract Read(string dataset) => ContractReader.Read(PathOf(dataset));

    /// <summary>A small contract that is right, to be broken by tests.</summary>
    public const string Valid = """
        apiVersion: v3.1.0
        kind: DataContract
        id: test
        version: 1.0.0
        status: active
        customProperties:
          - property: source
            value: fmp
          - property: endpoint
            value: prices
          - property: parameters
            value:
              - { symbol: "{symbol}", from: "{from}", to: "{to}" }
          - property: window
            value: dateRange
          - property: cadence
            value: PT18H
          - property: knowledgeTime
            value: fetched_at
          - property: completeWithin
            value: { by: [symbol], range: date }
          - property: partitionByYearOf
            value: date
        schema:
          - name: price
            description: One price.
            properties:
              - name: symbol
                physicalName: symbol
                logicalType: string
                physicalType: VARCHAR
                required: true
                primaryKey: true
                primaryKeyPosition: 1
                description: Ticker.
              - name: date
                physicalName: date
                logicalType: date
                physicalType: DATE
                required: true
                primaryKey: true
                primaryKeyPosition: 2
                description: Trading date.
              - name: close
                physicalName: close
                logicalType: number
                physicalType: DECIMAL(28,8)
                logicalTypeOptions: { minimum: 0 }
                description: Closing price.
        """;
}
