using DuckDB.NET.Data;
using Finks.Cleansing;
using Finks.Lake;

namespace Finks.Pipelines.Gold;

/// <summary>Shows the Silver tables of one snapshot to the models, as views in the schema <c>silver</c>.</summary>
internal static class SilverSources
{
    /// <summary>Makes a view for each contract; a dataset that has no rows yet is an empty table of the right columns.</summary>
    public static void Show(Workspace workspace, Snapshot snapshot, DuckDBConnection scratch)
    {
        scratch.Execute($"create schema {SilverColumns.Schema}");
        foreach (var contract in workspace.Contracts.Contracts)
        {
            var table = workspace.Lake.FindTable(SilverColumns.Schema, contract.Dataset, snapshot);
            var name = $"{SilverColumns.Schema}.\"{contract.Dataset}\"";
            var silver = new SilverTable(contract, workspace.Lake.Paths.SilverPath, table);
            scratch.Execute(table is null
                ? $"create table {name} ({string.Join(", ", silver.Definition.Columns.Select(c => $"\"{c.Name}\" {c.DuckDbType}"))})"
                : $"create view {name} as {silver.Everything(workspace.Lake.ReadSql(table, snapshot))}");
        }
    }

    /// <summary>The newest snapshot that changed rows or columns of a Silver table that a contract describes; 0 when there is none.</summary>
    public static long NewestChange(Workspace workspace, Snapshot snapshot) => workspace.Contracts.Contracts
        .Select(c => workspace.Lake.FindTable(SilverColumns.Schema, c.Dataset, snapshot)).OfType<LakeTable>()
        .Select(t => workspace.Lake.ChangedBy(t, snapshot)).DefaultIfEmpty(0).Max();
}
