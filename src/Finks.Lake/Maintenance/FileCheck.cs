using DuckDB.NET.Data;
using Finks.Lake.Bronze;
using Finks.Lake.Catalog;
using Finks.Lake.Files;
using Finks.Lake.Storage;

namespace Finks.Lake.Maintenance;

/// <summary>Compares one file after the other with what was said of it when it was committed or registered.</summary>
internal sealed class FileCheck(DataLake lake, bool deep) : IDisposable
{
    private readonly DuckDBConnection _duckDb = DuckDb.OpenInMemory();
    private readonly Dictionary<long, IReadOnlyList<CheckedColumn>> _columns = [];

    /// <returns>What is wrong and what to do; null when nothing is.</returns>
    public string? Problem(BronzeBatch batch)
    {
        var advice = $"Restore it from a backup: nothing else holds its {batch.Replies} replies";
        try
        {
            lake.Store.Fetch([new StoredFile(batch.Key, batch.FileBytes, batch.Sha256)]);
            if (!deep)
                return null;
            var bodies = BronzeReader.Read(_duckDb, lake.Store, batch).Select(r => (long)r.Reply.Body.Length).ToList();
            return (bodies.Count, bodies.Sum()) == (batch.Replies, batch.BodyBytes)
                ? null
                : $"bronze batch {batch.Id}: {batch.Key} holds {bodies.Count} replies with {bodies.Sum()} bytes, {batch.Replies} with {batch.BodyBytes} were registered. {advice}";
        }
        catch (LakeException error)
        {
            return $"bronze batch {batch.Id}: {error.Message} {advice}";
        }
    }

    /// <inheritdoc cref="Problem(BronzeBatch)"/>
    public string? Problem(NamedFile file)
    {
        var what = $"{file.Table}: {file.Key}";
        const string advice = "Restore it from a backup, or build the table anew from the zone before it";
        try
        {
            var path = lake.Store.Fetch([new StoredFile(file.Key, file.Bytes, file.Sha256)])[0];
            var rows = _duckDb.Scalar<long>($"SELECT coalesce(sum(num_rows), 0)::BIGINT FROM parquet_file_metadata({SqlText.Literal(path)})");
            if (rows != file.Rows)
                return $"{what} holds {rows} rows, {file.Rows} were committed. {advice}";
            return deep && !file.IsDelete ? Statistics(file, path, what) : null;
        }
        catch (LakeException error)
        {
            return $"{what}: {error.Message} {advice}";
        }
        catch (DuckDBException error)
        {
            return $"{what} cannot be read: {error.Message.ReplaceLineEndings(" ")}. {advice}";
        }
    }

    public void Dispose() => _duckDb.Dispose();

    private string? Statistics(NamedFile file, string path, string what)
    {
        if (!_columns.TryGetValue(file.TableId, out var columns))
            _columns[file.TableId] = columns = lake.Database.Read(reader => CheckedColumn.Of(reader, file.TableId));
        // Every page of every column is read here, those without statistics too.
        _duckDb.Scalar<bool>($"SELECT sum(hash(r)) IS NULL FROM read_parquet({SqlText.Literal(path)}, hive_partitioning = false) r");
        var stated = lake.Database.Read(reader => CheckedColumn.Stated(reader, file.Id));
        var wrong = columns.Where(c => stated.ContainsKey(c.Id)).Select(c => c.Problem(_duckDb, path, stated[c.Id])).OfType<string>().ToList();
        return wrong.Count == 0
            ? null
            : $"{what}: the catalog's statistics do not hold: {string.Join("; ", wrong)}. Readers skip rows by them: build the table anew from the zone before it";
    }
}
