using Finks.Lake.Files;
using Finks.Lake.Types;

namespace Finks.Lake.Catalog;

/// <summary>The select that reads a table as one snapshot has it.</summary>
internal static class TableSelect
{
    /// <param name="deletes">The delete file of each data file that has one, by id.</param>
    public static string Write(LakeTable table, IReadOnlyList<DataFile> files, IReadOnlyDictionary<long, string> deletes)
    {
        var types = table.Columns.Select(c => LakeType.Parse(c.DuckDbType, $"{table.FullName}.{c.Name}").DuckDb).ToList();
        if (files.Count == 0)
            return "SELECT " + string.Join(", ", table.Columns.Select((c, i) => $"NULL::{types[i]} AS {SqlText.Name(c.Name)}")) + " WHERE false";

        // Columns are found by field id, so files from before a column was added or renamed are read rightly.
        var schema = string.Join(", ", table.Columns.Select((c, i) =>
            $"{c.Id}: {{name: {SqlText.Literal(c.Name)}, type: {SqlText.Literal(types[i])}, default_value: NULL}}"));
        var names = string.Join(", ", table.Columns.Select(c => SqlText.Name(c.Name)));
        string Scan(IEnumerable<string> paths, string more = "") =>
            $"read_parquet([{string.Join(", ", paths.Select(SqlText.Literal))}], schema = MAP {{{schema}}}, hive_partitioning = false{more})";

        var selects = new List<string>();
        if (files.Where(f => !deletes.ContainsKey(f.Id)).Select(f => f.Path).ToList() is { Count: > 0 } whole)
            selects.Add($"SELECT {names} FROM {Scan(whole)}");
        foreach (var file in files.Where(f => deletes.ContainsKey(f.Id)))
        {
            selects.Add($"SELECT {names} FROM {Scan([file.Path], ", file_row_number = true")} "
                + $"WHERE file_row_number NOT IN (SELECT pos FROM read_parquet({SqlText.Literal(deletes[file.Id])}))");
        }

        return string.Join(" UNION ALL ", selects);
    }
}
