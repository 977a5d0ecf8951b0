using System.Text;
using System.Text.RegularExpressions;
using Finks.Lake;
using Finks.Pipelines.Gold;

namespace Finks.Pipelines.Publishing;

/// <summary>
/// The statements with which Athena, or anything with Hive's DDL, learns of the published tables
/// (<see href="https://docs.aws.amazon.com/athena/latest/ug/create-table.html"/>).
/// </summary>
public sealed partial class AthenaDdl(Workspace workspace)
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["BOOLEAN"] = "boolean",
        ["TINYINT"] = "tinyint",
        ["SMALLINT"] = "smallint",
        ["INTEGER"] = "int",
        ["BIGINT"] = "bigint",
        ["FLOAT"] = "float",
        ["DOUBLE"] = "double",
        ["DATE"] = "date",
        ["TIMESTAMP"] = "timestamp",
        // Athena reads Parquet's UTC timestamps as such, and has no type with a zone in external tables.
        ["TIMESTAMP WITH TIME ZONE"] = "timestamp",
        ["VARCHAR"] = "string",
        ["BLOB"] = "binary",
    };

    /// <summary>One text per Gold table: CREATE EXTERNAL TABLE, and for partitions MSCK REPAIR TABLE, which is to be run again when a year begins.</summary>
    /// <exception cref="LakeException">A column has a type that Hive's Parquet reader does not have.</exception>
    public IReadOnlyList<string> Statements()
    {
        var snapshot = workspace.Lake.CurrentSnapshot();
        return [.. workspace.Lake.Tables(snapshot).Where(t => t.Schema == GoldPublisher.Schema).OrderBy(t => t.Name, StringComparer.Ordinal).Select(Statement)];
    }

    private string Statement(LakeTable table)
    {
        var sql = new StringBuilder($"CREATE EXTERNAL TABLE IF NOT EXISTS {Name(table.Name)} (\n  ");
        sql.AppendJoin(",\n  ", table.Columns.Select(c => $"{Name(c.Name)} {TypeOf(c.DuckDbType, $"{table.Name}.{c.Name}")}{Comment(c.Comment)}")).Append("\n)\n");
        if (Comment(table.Comment) is { Length: > 0 } comment)
            sql.Append(comment.TrimStart()).Append('\n');
        if (table.PartitionByYearOf is not null)
            sql.Append($"PARTITIONED BY ({Name(TableManifests.PartitionColumn(table))} string)\n");
        sql.Append("ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe'\n")
            .Append("STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat'\n")
            .Append("OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'\n")
            .Append($"LOCATION {Literal(TableManifests.Address(workspace.Lake, TableManifests.PrefixOf(workspace.Lake, table.Name)))};\n");
        if (table.PartitionByYearOf is not null)
            sql.Append($"MSCK REPAIR TABLE {Name(table.Name)};\n");
        return sql.ToString();
    }

    private static string TypeOf(string duckDbType, string column)
    {
        if (duckDbType.EndsWith("[]", StringComparison.Ordinal))
            return $"array<{TypeOf(duckDbType[..^2], column)}>";
        if (DecimalType().IsMatch(duckDbType))
            return duckDbType.ToLowerInvariant();
        return Types.GetValueOrDefault(duckDbType) ?? throw new LakeException(
            $"The column {column} is {duckDbType}, for which Hive's Parquet reader has no type. Cast it in its model, to BIGINT or VARCHAR for instance, then run `finks transform`.");
    }

    private static string Name(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    private static string Comment(string? text) => string.IsNullOrWhiteSpace(text) ? "" : $" COMMENT {Literal(text.ReplaceLineEndings(" ").Trim())}";

    // Hive escapes with backslashes; two quotes in a row would be two texts to it.
    private static string Literal(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^DECIMAL\(\d+,\d+\)$", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalType();
}
