using Finks.Lake;

namespace Finks.Cleansing.Quarantine;

/// <summary>What the append-only table <c>silver.quarantine</c> says now.</summary>
public static class QuarantineRows
{
    /// <summary>
    /// A DuckDB select of the newest verdict on each row, with the table's own columns; null when no row has ever been refused. A row is open or
    /// released, never both: the verdict with the highest attempt decides.
    /// </summary>
    public static string? NewestVerdicts(DataLake lake, Snapshot snapshot) =>
        lake.FindTable(SilverColumns.Schema, SilverColumns.Quarantine, snapshot) is { } table
            ? $"select * from ({lake.ReadSql(table, snapshot)}) qualify row_number() over (partition by bronze_batch, bronze_line, bronze_row order by attempt desc) = 1"
            : null;
}
