using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Finks.Cleansing.Quality;
using Finks.Contracts;
using Finks.Lake;
using Finks.Lake.Bronze;
using Finks.Lake.Tests;
using Microsoft.Extensions.Time.Testing;

namespace Finks.Cleansing.Tests;

/// <summary>A lake in a folder of its own, into which a test puts replies as if FMP had sent them.</summary>
internal sealed class CleansingFixture : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 22, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private int _runs;

    public CleansingFixture()
    {
        Lake = DataLake.Open(new LakeOptions { Home = _folder.File("lake"), Clock = Clock, Ids = new SequentialIds() });
        Bronze = new BronzeStore(Lake);
        Cleanser = new Cleanser(Lake, Bronze, Clock);
    }

    public static ContractCatalog Contracts { get; } = ContractCatalog.Load(Checkout.PathOf("contracts"));

    public FakeTimeProvider Clock { get; } = new(Start);

    public DataLake Lake { get; }

    public BronzeStore Bronze { get; }

    public Cleanser Cleanser { get; }

    /// <summary>Stores a reply in a batch of its own.</summary>
    public void Receive(string dataset, string body, DateTimeOffset? at = null, string outcome = "Rows") => Receive(dataset, [body], at, outcome);

    /// <summary>Stores replies together in one batch.</summary>
    public void Receive(string dataset, IEnumerable<string> bodies, DateTimeOffset? at = null, string outcome = "Rows")
    {
        using var writer = new BronzeWriter(Lake, Bronze);
        foreach (var body in bodies)
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            writer.Add(new BronzeOrigin("fmp", dataset, "1.0.0", "test-run"), new BronzeEntry(new ReceivedReply
            {
                Method = "GET",
                Path = "/stable/test",
                Query = "symbol=AAPL",
                Subject = "AAPL",
                Status = 200,
                Headers = [KeyValuePair.Create("Content-Type", "application/json")],
                FetchedAt = at ?? Clock.GetUtcNow(),
                Attempts = 1,
                Outcome = outcome,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
                Body = bytes,
            }));
        }

        writer.Flush();
    }

    /// <summary>Cleanses all that is unread. Accepts whatever Finks itself would block, unless told otherwise.</summary>
    public CleanseReport Cleanse(IReadOnlyList<string>? accepted = null, IReadOnlyList<Contract>? contracts = null) => Cleanser.Run(
        new CleanseRequest { Contracts = contracts ?? Contracts.Contracts, RunId = NextRun(), Threads = 2, Accepted = accepted ?? CheckNames.All },
        new Progress<string>(), CancellationToken.None);

    /// <summary>The latest recorded result of a check.</summary>
    public RecordedResult Result(string dataset, string check) => Cleanser.Quality.Results().Last(r => r.Result.Dataset == dataset && r.Result.Check == check);

    /// <summary>A count by plain DuckDB, which knows nothing of Finks.</summary>
    public static long PlainSql(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        return connection.Scalar<long>(sql);
    }

    public string NextRun() => $"run-{++_runs}";

    public DatasetCounts CleanseOne(string dataset) => Cleanse().Datasets.Single(d => d.Dataset == dataset);

    /// <summary>Rows of a Silver table as texts, values separated by bars. A comma inside an expression is written as a semicolon.</summary>
    public IReadOnlyList<string> Silver(string table, string columns, string rest = "")
    {
        var snapshot = Lake.CurrentSnapshot();
        if (Lake.FindTable("silver", table, snapshot) is not { } found)
            return [];
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"set timezone = 'UTC'; select concat_ws('|', {string.Join(", ", columns.Split(',').Select(c => $"coalesce(({c.Replace(';', ',')})::varchar, 'null')"))}) from ({Lake.ReadSql(found, snapshot)}) {rest}";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }

    public void Dispose()
    {
        Lake.Dispose();
        _folder.Dispose();
    }

}

/// <summary>Acts when a dataset is begun.</summary>
internal sealed class Immediate(Action act) : IProgress<string>
{
    public void Report(string value) => act();
}

/// <summary>Replies in FMP's spelling.</summary>
internal static class Fmp
{
    public static string Price(string symbol, string date, object close) =>
        $$"""{"symbol":"{{symbol}}","date":"{{date}}","adjOpen":1,"adjHigh":2,"adjLow":1,"adjClose":{{close}},"volume":100}""";

    public static string List(params IEnumerable<string> rows) => $"[{string.Join(",", rows)}]";

    public static string Dividend(string date, object dividend, string recordDate = "\"\"") =>
        $$"""{"symbol":"AAPL","date":"{{date}}","recordDate":{{recordDate}},"paymentDate":"","declarationDate":"","adjDividend":{{dividend}},"dividend":{{dividend}},"yield":0.5,"frequency":"Quarterly"}""";
}
