using DuckDB.NET.Data;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Bronze;

namespace Finks.Cleansing;

/// <summary>The path of one dataset's unread batches to <c>new_version</c> and <c>quarantined</c>.</summary>
internal sealed class DatasetCleansing(Contract contract, IReadOnlyList<BronzeBatch> batches, DataLake lake, Snapshot snapshot, DuckDBConnection database, CleanseRequest request)
{
    /// <summary>How many of the most frequent reasons a report names.</summary>
    private const int ReasonsShown = 5;

    /// <summary>Fills <c>new_version</c>, adds to <c>quarantined</c>, and proves that every row found is accounted for.</summary>
    public DatasetCounts Resolve(CancellationToken cancellation)
    {
        var staging = new Staging(contract, database);
        staging.Fill(batches, request.Threads, cancellation);
        LoadHistory();
        VersionResolver.Resolve(contract, database);
        Quarantine();
        return Count(staging);
    }

    /// <summary>Lets go of the rows once they are written.</summary>
    public void Clear() => database.Execute("drop view new_version; drop table staged; drop table rejected; drop table timeline; drop table contested; drop table history");

    private void LoadHistory()
    {
        var table = lake.FindTable(SilverColumns.Schema, contract.Dataset, snapshot);
        var columns = string.Join(", ", contract.Columns.Select(c => $"\"{c.Name}\"").Concat(SilverColumns.Added.Select(c => c.Name)));
        if (table is null)
        {
            database.Execute($"create or replace temp table history as select {columns} from (select *, false as removed from staged) limit 0");
            return;
        }

        // A reply proves nothing outside the dates it holds, so older years need not be read.
        var range = contract.CompleteWithin?.Range ?? contract.PartitionByYearOf;
        var limits = range is null ? "" : $"where \"{range}\" between (select min(\"{range}\") from staged) and (select max(\"{range}\") from staged)";
        database.Execute($"create or replace temp table history as select {columns} from ({lake.ReadSql(table, snapshot)}) {limits}");
    }

    private void Quarantine()
    {
        database.Execute($"insert into quarantined select '{contract.Dataset}', '{contract.Version}', * from rejected");
        var conflicts = Conflicts();
        using var appender = database.CreateAppender("quarantined");
        foreach (var reply in conflicts.GroupBy(c => (c.Batch, c.Line)))
        {
            var stored = BronzeStore.ReadReply(batches.Single(b => b.Id == reply.Key.Batch), reply.Key.Line).Reply;
            var raw = RawRows.Read(stored.Body, reply.Select(c => c.Row).ToHashSet());
            foreach (var (_, _, row) in reply)
            {
                var reason = $"another row of the same reply has the same key ({string.Join(", ", contract.Key)}) and other values; the last one was kept";
                appender.CreateRow().AppendValue(contract.Dataset).AppendValue(contract.Version).AppendValue(new List<string> { reason }).AppendValue(raw[row])
                    .AppendValue(stored.FetchedAt.UtcDateTime).AppendValue(reply.Key.Batch).AppendValue(reply.Key.Line).AppendValue(row).EndRow();
            }
        }
    }

    private List<(long Batch, int Line, int Row)> Conflicts()
    {
        using var command = database.CreateCommand();
        command.CommandText = "select bronze_batch, bronze_line, bronze_row from timeline where verdict = 'conflicting' order by all";
        using var reader = command.ExecuteReader();
        var conflicts = new List<(long, int, int)>();
        while (reader.Read())
            conflicts.Add((reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2)));
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
            UnknownFields = staging.UnknownFields,
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
