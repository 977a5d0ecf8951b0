using Finks.Contracts;

namespace Finks.Cleansing.Tests;

/// <summary>A dataset of persons, every kind of masking in it.</summary>
internal static class ContactContract
{
    public const string Yaml = """
        apiVersion: v3.1.0
        kind: DataContract
        id: contact
        version: 1.0.0
        status: active
        customProperties:
          - { property: source, value: fmp }
          - { property: endpoint, value: contacts }
          - { property: parameters, value: [{ symbol: "{symbol}" }] }
          - { property: window, value: whole }
          - { property: cadence, value: P1D }
          - { property: knowledgeTime, value: fetched_at }
          - { property: completeWithin, value: { by: [company], range: since } }
        schema:
          - name: contact
            description: One person at a company.
            properties:
              - { name: email, physicalName: eMail, logicalType: string, physicalType: VARCHAR, required: true, primaryKey: true, primaryKeyPosition: 1,
                  classification: pii, logicalTypeOptions: { pattern: '\S+@\S+' }, description: Address. }
              - { name: company, physicalName: company, logicalType: string, physicalType: VARCHAR, required: true, primaryKey: true, primaryKeyPosition: 2, description: Ticker. }
              - { name: since, physicalName: since, logicalType: date, physicalType: DATE, required: true, description: First day. }
              - { name: full_name, physicalName: fullName, logicalType: string, physicalType: VARCHAR, classification: personal, description: Name.,
                  customProperties: [{ property: sourceAliases, value: [name] }] }
              - { name: born, physicalName: born, logicalType: date, physicalType: DATE, classification: pii, description: Birthday. }
              - { name: salary, physicalName: salary, logicalType: number, physicalType: 'DECIMAL(18,2)', logicalTypeOptions: { minimum: 0 }, classification: confidential, description: EUR. }
              - { name: phone, physicalName: phone, logicalType: string, physicalType: VARCHAR, classification: pii, description: Number.,
                  customProperties: [{ property: masking, value: redact }] }
              - { name: shoe_size, physicalName: shoeSize, logicalType: number, physicalType: 'DECIMAL(5,1)', required: true, classification: pii, description: EU.,
                  customProperties: [{ property: masking, value: redact }] }
              - { name: floor, physicalName: floor, logicalType: integer, physicalType: BIGINT, description: Floor of the office. }
        """;

    public static Contract Contract { get; } = ContractReader.Parse(Yaml, "contracts/contact.odcs.yaml");

    public static string Row(string email, string name, string born = "1971-03-04", string salary = "81234.5", string floor = "3", string more = "") =>
        $$"""{"eMail":"{{email}}","company":"ACME","since":"2024-01-02","fullName":"{{name}}","born":"{{born}}","salary":{{salary}},"phone":"+49 555 0199","shoeSize":44.123456789,"floor":{{floor}}{{more}}}""";
}
