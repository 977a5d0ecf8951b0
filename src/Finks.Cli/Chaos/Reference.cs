using System.Security.Cryptography;
using DuckDB.NET.Data;
using Finks.Cleansing;
using Finks.Lake;
using Finks.Lake.Storage;
using Finks.Pipelines;
using Finks.Pipelines.Gold;

namespace Finks.Cli.Chaos;

/// <summary>
/// What an undisturbed lake holds after a step, kept in memory to compare others with: the rows of Silver without what differs between two runs by
/// nature (when a row was learnt, and in which batch), and the bytes of Gold. Safe for use by several threads.
/// </summary>
internal sealed class Reference : IDisposable
{
    private static readonly string[] Provenance = ["bronze_batch", "bronze_line", "bronze_row"];

    private readonly DuckDBConnection _kept = DuckDb.OpenInMemory();
    private readonly Dictionary<string, string> _selects = [];
    private readonly IReadOnlyList<string> _gold;

    public Reference(Workspace undisturbed)
    {
        foreach (var table in Silver(undisturbed))
        {
            _kept.Execute($"create table {table.Name} as {Rows(undisturbed, table)}");
            _selects.Add(table.Name, $"from {table.Name}");
        }

        _gold = GoldFiles(undisturbed);
    }

    /// <summary>Rows of Silver that the undisturbed lake has.</summary>
    public long RowCount => _selects.Values.Sum(select => _kept.Scalar<long>($"select count(*) from ({select})"));

    /// <param name="several">Several processes asked for the same at once. A reply that reaches Silver after a later one adds the version that it
    /// proves, at its own time; so a row may be there once for each time at which it was learnt.</param>
    public Difference Compare(Workspace workspace, bool several = false)
    {
        var broken = LakeRules.AlwaysBroken(workspace);
        // Rows of files that are gone or damaged cannot be counted.
        return broken.Count > 0 ? new Difference(0, 0, GoldEqual: false, broken) : CompareRows(workspace, several);
    }

    public void Dispose() => _kept.Dispose();

    private Difference CompareRows(Workspace workspace, bool several)
    {
        using var database = _kept.Duplicate();
        database.Open();
        var problems = new List<string>();
        var (lost, doubled) = (0L, 0L);
        var tables = Silver(workspace).ToDictionary(t => t.Name);
        foreach (var name in _selects.Keys.Union(tables.Keys).Order(StringComparer.Ordinal))
        {
            var found = tables.GetValueOrDefault(name) is { } table ? (workspace, table) : ((Workspace, LakeTable)?)null;
            var (missing, surplus) = Compare(database, _selects.GetValueOrDefault(name), found, several);
            if (missing + surplus > 0)
                problems.Add($"silver.{name}: {missing} rows lost, {surplus} doubled");
            (lost, doubled) = (lost + missing, doubled + surplus);
        }

        problems.AddRange(LakeRules.AfterRunBroken(workspace));
        return new Difference(lost, doubled, GoldFiles(workspace).SequenceEqual(_gold), problems);
    }

    private static (long Lost, long Doubled) Compare(DuckDBConnection database, string? kept, (Workspace Workspace, LakeTable Table)? found, bool several)
    {
        if (found is not { } other)
            return (database.Scalar<long>($"select count(*) from ({kept})"), 0);
        var rows = Rows(other.Workspace, other.Table);
        if (kept is null)
            return (0, database.Scalar<long>($"select count(*) from ({rows})"));
        var all = several ? "" : " all";
        using var command = database.CreateCommand();
        command.CommandText = $"""
            with expected as ({kept}), found as ({rows})
            select (select count(*) from (from expected except{all} from found)), (select count(*) from (from found except{all} from expected))
            """;
        using var reader = command.ExecuteReader();
        reader.Read();
        var (lost, doubled) = (reader.GetInt64(0), reader.GetInt64(1));
        return (lost, several ? doubled + Repetitions(database, other.Workspace, other.Table) : doubled);
    }

    /// <summary>Rows that say the same as another one of the same time.</summary>
    private static long Repetitions(DuckDBConnection database, Workspace workspace, LakeTable table) => database.Scalar<long>($"""
        with found as ({workspace.Lake.ReadSql(table, workspace.Lake.CurrentSnapshot())})
        select count(*) - (select count(*) from (select distinct {Columns(table, Provenance)} from found)) from found
        """);

    private static string Rows(Workspace workspace, LakeTable table) =>
        $"select {Columns(table, [.. Provenance, "known_from"])} from ({workspace.Lake.ReadSql(table, workspace.Lake.CurrentSnapshot())})";

    private static string Columns(LakeTable table, string[] without) =>
        string.Join(", ", table.Columns.Select(c => c.Name).Except(without).Select(name => $"\"{name}\""));

    private static IEnumerable<LakeTable> Silver(Workspace workspace) =>
        workspace.Lake.Tables(workspace.Lake.CurrentSnapshot()).Where(t => t.Schema == SilverColumns.Schema);

    /// <summary>Folder below the zone and SHA-256 of each live file; its name is random.</summary>
    private static List<string> GoldFiles(Workspace workspace)
    {
        var now = workspace.Lake.CurrentSnapshot();
        return
        [
            .. workspace.Lake.Tables(now).Where(t => t.Schema == GoldPublisher.Schema).SelectMany(t => workspace.Lake.Files(t, now))
                .Select(f => $"{f.Key[f.Key.IndexOf('/')..f.Key.LastIndexOf('/')]} {Hash(workspace.Lake.Store, f)}").Order(StringComparer.Ordinal),
        ];
    }

    private static string Hash(ZoneStore store, DataFile file)
    {
        using var stream = File.OpenRead(store.Fetch([new StoredFile(file.Key, file.Bytes)])[0]);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
