using DuckDB.NET.Data;
using Finks.Cleansing;
using Finks.Contracts;
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
            scratch.Execute(table is null
                ? $"create table {name} ({string.Join(", ", Columns(workspace, contract).Select(c => $"\"{c.Name}\" {c.DuckDbType}"))})"
                : $"create view {name} as {workspace.Lake.ReadSql(table, snapshot)}");
        }
    }

    /// <summary>The newest snapshot that added rows to any Silver table that a contract describes; 0 when none has rows.</summary>
    public static long NewestChange(Workspace workspace, Snapshot snapshot) => workspace.Contracts.Contracts
        .Select(c => workspace.Lake.FindTable(SilverColumns.Schema, c.Dataset, snapshot)).OfType<LakeTable>()
        .SelectMany(t => workspace.Lake.Files(t, snapshot)).Select(f => f.AddedBy).DefaultIfEmpty(0).Max();

    private static IEnumerable<TableColumn> Columns(Workspace workspace, Contract contract) => SilverColumns.TableOf(contract, workspace.Lake.Paths.SilverPath).Columns;
}
