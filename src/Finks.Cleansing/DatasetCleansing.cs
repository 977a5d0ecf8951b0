using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Finks.Cleansing.Privacy;
using Finks.Cleansing.Quality;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Files;

namespace Finks.Cleansing;

/// <summary>The path of one dataset's unread batches to <c>new_version</c> and <c>quarantined</c>.</summary>
internal sealed class DatasetCleansing(
    Contract contract, IReadOnlyList<BronzeBatch> batches, DataLake lake, BronzeStore bronze, Snapshot snapshot, DuckDBConnection database, int threads, MaskingKey? key)
{
    /// <summary>How many of the most frequent reasons a report names.</summary>
    private const int ReasonsShown = 5;

    private readonly LakeTable? _existing = lake.FindTable(SilverColumns.Schema, contract.Dataset, snapshot);

    /// <summary>The only rows to read, by batch and line; null for all.</summary>
    public IReadOnlyDictionary<(long Batch, int Line), IReadOnlySet<int>>? Only { get; init; }

    /// <summary>Where the new versions go.</summary>
    public SilverTable Silver => new(contract, lake.Paths.SilverPath, _existing);

    /// <summary>Fills <c>new_version</c>, adds to <c>quarantined</c>, and proves that every row found is accounted for.</summary>
    /// <param name="gate">Takes away rows that the contract's rules refuse, before versions are made of them.</param>
    /// <param name="fields">What the rows have shown of their fields.</param>
    public DatasetCounts Resolve(DatasetGate gate, out FieldTallies fields, CancellationToken cancellation)
    {
        var staging = new Staging(contract, database, key) { Only = Only };
        staging.Fill(lake.Store, batches, threads, cancellation);
        fields = staging.Fields;
        LoadHistory();
        gate.Quarantine(bronze, batches);
        VersionResolver.Resolve(contract, database);
        Quarantine();
        return Count(staging);
    }

    /// <summary>Lets go of the rows once they are written.</summary>
    public void Clear() => database.Execute("drop view new_version; drop table staged; drop table rejected; drop table timeline; drop table contested; drop table history");

    private void LoadHistory()
    {
        if (_existing is null)
        {
            var columns = string.Join(", ", contract.Columns.Select(c => SqlText.Name(c.Name)).Concat(SilverColumns.Added.Select(c => c.Name)));
            database.Execute($"create or replace temp table history as select {columns} from (select *, false as removed from staged) limit 0");
            return;
        }

        try
        {
            database.Execute($"create or replace temp table history as {Touched(Silver.InContract(lake.ReadSql(_existing, snapshot)))}");
        }
        catch (DuckDBException error) when (error.ErrorType == DuckDBErrorType.Conversion)
        {
            throw new CleanseException(
                $"{contract.Dataset}: rows of Silver do not fit the types of the contract of now: {error.Message} A type can be made wider, not narrower: "
                + "give the contract a type that holds the old values too, or a column with a new name.");
        }
    }

    /// <summary>The versions in Silver that the staged rows can touch. A reply proves nothing outside the dates it holds, so older years need not be read,
    /// unless a rule quarantines values that another key has had before.</summary>
    private string Touched(string versions)
    {
        if ((contract.CompleteWithin?.Range ?? contract.PartitionByYearOf) is not { } range || contract.Quality.Rules.Any(r => r is { Metric: QualityMetric.DuplicateValues, Consequence.Action: CheckAction.Quarantine }))
            return $"from ({versions})";
        var date = SqlText.Name(range);
        var within = $"from ({versions}) where {date} between (select min({date}) from staged) and (select max({date}) from staged)";
        if (contract.Key.Contains(range))
            return within;
        // The date of such a key may be restated: of each that is or was inside, all versions count.
        var key = string.Join(", ", contract.Key.Select(SqlText.Name));
        return $"from ({versions}) semi join (select {key} from ({within}) union select {key} from staged) using ({key})";
    }

    private void Quarantine()
    {
        RefusedRows.Append(database, bronze, batches, new PersonalRows(contract, key), Conflicts());
        database.Execute($"insert into quarantined select '{contract.Dataset}', '{contract.Version}', *, 0, false from rejected");
    }

    private List<(BronzePlace Place, string Reason)> Conflicts()
    {
        var reason = $"another row of the same reply has the same key ({string.Join(", ", contract.Key)}) and other values; the last one was kept";
        using var command = database.CreateCommand();
        command.CommandText = "select bronze_batch, bronze_line, bronze_row from timeline where verdict = 'conflicting' order by all";
        using var reader = command.ExecuteReader();
        var conflicts = new List<(BronzePlace, string)>();
        while (reader.Read())
            conflicts.Add((new BronzePlace(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2)), reason));
        return conflicts;
    }

    private DatasetCounts Count(Staging staging)
    {
        var counts = new DatasetCounts
        {
            Dataset = contract.Dataset,
            Replies = batches.Sum(b => b.Replies),
            RowsIn = staging.Rows,
            New = database.Scalar<long>("select count(*) from new_version where not removed"),
            Repeated = database.Scalar<long>("select count(*) from timeline where origin = 'staged' and verdict = 'repeated'"),
            Quarantined = database.Scalar<long>($"select count(*) from quarantined where dataset = '{contract.Dataset}'"),
            Withdrawn = database.Scalar<long>("select count(*) from new_version where removed"),
            UnknownFields = [.. staging.Fields.New.Select(f => f.Name)],
            Reasons = Reasons(),
        };
        if (counts.RowsIn != counts.New + counts.Repeated + counts.Quarantined)
        {
            throw new CleanseException(
                $"{contract.Dataset}: {counts.RowsIn} rows came in, but {counts.New} new + {counts.Repeated} repeated + {counts.Quarantined} quarantined are {counts.New + counts.Repeated + counts.Quarantined}. "
                + "Nothing was committed. This is a defect of Finks: please report it with the Bronze batches " + string.Join(", ", batches.Select(b => b.Id)) + ".");
        }

        return counts;
    }

    private List<RejectionReason> Reasons()
    {
        using var command = database.CreateCommand();
        // Values in quotes differ from row to row; the reason is the same.
        command.CommandText = $"""
            with refused as (
                select unnest(reasons) as reason, struct_pack(batch := bronze_batch, line := bronze_line, place := bronze_row) as origin
                from quarantined where dataset = '{contract.Dataset}'
            )
            select arg_min(reason, origin), count(*) as refused_rows, min(origin).batch, min(origin).line, min(origin).place
            from refused group by regexp_replace(reason, '''.*''', '…')
            order by refused_rows desc, 1 limit {ReasonsShown}
            """;
        using var reader = command.ExecuteReader();
        var reasons = new List<RejectionReason>();
        while (reader.Read())
            reasons.Add(new RejectionReason(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), reader.GetInt32(4)));
        return reasons;
    }
}
