using System.Reflection;
using DuckDB.NET.Data;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Files;
using Finks.Lake.Storage;

namespace Finks.Cleansing;

/// <summary>
/// Decides which staged rows are new versions, which repeat what is known, which contradict their own reply, and which keys
/// the source has withdrawn. The rules stand in <c>resolve.sql</c>; this fills in the contract's columns.
/// </summary>
internal static class VersionResolver
{
    private static readonly string Template = EmbeddedSql.Read(Assembly.GetExecutingAssembly(), "resolve.sql");

    /// <summary>Reads <c>staged</c>, <c>rejected</c> and <c>history</c>; leaves <c>new_version</c> and <c>timeline</c>.</summary>
    public static void Resolve(Contract contract, DuckDBConnection database) => database.Execute(SqlFor(contract));

    internal static string SqlFor(Contract contract)
    {
        var key = contract.Key;
        var columns = contract.Columns.Select(c => c.Name).ToList();
        var payload = columns.Where(c => !key.Contains(c)).ToList();
        var complete = contract.CompleteWithin;
        var by = complete?.By ?? [key[0]];
        var range = complete?.Range ?? key[0];
        return new System.Text.StringBuilder(Template)
            .Replace("{{key}}", List(key))
            .Replace("{{k_key}}", List(key, "k."))
            .Replace("{{same_key}}", string.Join(" and ", key.Select(c => $"o.{SqlText.Name(c)} = k.{SqlText.Name(c)}")))
            .Replace("{{same_by}}", string.Join(" and ", by.Select(c => $"k.{SqlText.Name(c)} = s.{SqlText.Name(c)}")))
            .Replace("{{by}}", List(by))
            .Replace("{{range}}", SqlText.Name(range))
            .Replace("{{latest_scope_columns}}", string.Concat(by.Append(range).Except(key).Select(c => $"max_by({SqlText.Name(c)}, known_from) as {SqlText.Name(c)}, ")))
            .Replace("{{has_scope}}", complete is null ? "false" : "true")
            .Replace("{{packed}}", string.Join(", ", payload.Select(c => $"{SqlText.Name(c)} := {SqlText.Name(c)}")))
            .Replace("{{columns}}", List(columns))
            .Replace("{{from_payload}}", List(columns.Select(c => key.Contains(c) ? SqlText.Name(c) : $"payload.{SqlText.Name(c)}")))
            .Replace("{{from_previous_payload}}", List(columns.Select(c => key.Contains(c) ? SqlText.Name(c) : $"previous_payload.{SqlText.Name(c)}")))
            .ToString();
    }

    private static string List(IEnumerable<string> quoted) => string.Join(", ", quoted);

    private static string List(IReadOnlyList<string> names, string prefix = "") => string.Join(", ", names.Select(n => prefix + SqlText.Name(n)));
}
