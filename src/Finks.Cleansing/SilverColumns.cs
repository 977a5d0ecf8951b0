using Finks.Contracts;
using Finks.Lake;

namespace Finks.Cleansing;

/// <summary>The columns that Silver adds to a contract's, and the tables made of both.</summary>
public static class SilverColumns
{
    /// <summary>Schema of the Silver tables in the lake.</summary>
    public const string Schema = "silver";

    /// <summary>Table, in the Silver schema, of the rows that broke their contract.</summary>
    public const string Quarantine = "quarantine";

    /// <summary>Provenance and knowledge, after the contract's own columns.</summary>
    public static readonly IReadOnlyList<TableColumn> Added =
    [
        new("known_from", "TIMESTAMPTZ", false, "When the source first said so, as far as Finks knows: fetched_at of the reply, UTC."),
        new("removed", "BOOLEAN", false, "True when the source no longer reports the row from known_from on."),
        new("bronze_batch", "BIGINT", false, "The Bronze batch that holds the reply."),
        new("bronze_line", "INTEGER", false, "The reply's place in the batch, from 0."),
        new("bronze_row", "INTEGER", true, "The row's place in the reply, from 0; null for a removal."),
    ];

    /// <summary>The Silver table of a contract.</summary>
    public static TableDefinition TableOf(Contract contract, string silverPath) => new(
        Schema,
        contract.Dataset,
        silverPath,
        $"entity={contract.Dataset}/",
        [.. contract.Columns.Select(c => new TableColumn(c.Name, c.StoredType.DuckDbName, c.NullsStored, c.Description, RenamedFrom: c.RenamedFrom)), .. Added],
        contract.PartitionByYearOf,
        [.. contract.Key.Append("known_from").Select(k => new SortKey(k))],
        contract.Description);

    /// <summary>The table of refused rows, one for all datasets.</summary>
    public static TableDefinition QuarantineTable(string silverPath) => new(
        Schema,
        Quarantine,
        silverPath,
        $"entity={Quarantine}/",
        [
            new("dataset", "VARCHAR", false, "The dataset whose contract the row broke."),
            new("contract_version", "VARCHAR", false, "Version of the contract at the time."),
            new("reasons", "VARCHAR[]", false, "Every reason found."),
            new("raw_row", "VARCHAR", false, "The row exactly as it stands in the reply; of a dataset with personal data, with these masked."),
            new("known_from", "TIMESTAMPTZ", false, "When the reply was received, UTC."),
            new("bronze_batch", "BIGINT", false, "The Bronze batch that holds the reply."),
            new("bronze_line", "INTEGER", false, "The reply's place in the batch, from 0."),
            new("bronze_row", "INTEGER", false, "The row's place in the reply, from 0."),
            new("attempt", "INTEGER", false, "0 when the reply was cleansed; 1 and more for verdicts of replays. Of one place the highest attempt counts."),
            new("released", "BOOLEAN", false, "True when the row kept the contract in this attempt and has become part of Silver; reasons are empty then."),
        ],
        null,
        [new("dataset"), new("bronze_batch"), new("bronze_line"), new("bronze_row"), new("attempt")],
        "Verdicts on rows that broke their contract: the refusal with every reason, and what replays came to.");
}
