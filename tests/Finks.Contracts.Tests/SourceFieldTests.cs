using System.Text.Json;

namespace Finks.Contracts.Tests;

/// <summary>The oracles are the catalog of the vendor's fields and recorded replies.</summary>
public sealed class SourceFieldTests
{
    public static TheoryData<string> Datasets => [.. Directory.GetFiles(ContractFiles.Folder).Select(f => Path.GetFileName(f).Split('.')[0]).Order()];

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Every_column_is_a_field_of_the_endpoint(string dataset)
    {
        var contract = ContractFiles.Read(dataset);
        var fields = CatalogFields(contract).Select(f => f.GetProperty("name").GetString()).ToHashSet();
        Assert.All(contract.Columns, c => Assert.Contains(c.SourceField, fields));
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Every_field_seen_in_a_reply_or_in_the_documentation_is_a_column(string dataset)
    {
        var contract = ContractFiles.Read(dataset);
        var columns = contract.Columns.Select(c => c.SourceField).ToHashSet();
        var seen = CatalogFields(contract)
            .Where(f => f.GetProperty("seen_in").EnumerateArray().Any(s => s.GetString() != "fmp-data model only"))
            .Select(f => f.GetProperty("name").GetString()!).ToList();
        Assert.NotEmpty(seen);
        Assert.All(seen, f => Assert.Contains(f, columns));
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Every_field_of_a_stored_reply_is_a_column_and_every_required_column_has_a_value(string dataset)
    {
        var contract = ContractFiles.Read(dataset);
        var replies = Replies(contract.Source.Endpoint).ToList();
        Assert.NotEmpty(replies);
        foreach (var row in replies.SelectMany(r => r.RootElement.EnumerateArray()))
        {
            var columns = contract.Columns.Select(c => c.SourceField).ToHashSet();
            Assert.All(row.EnumerateObject(), f => Assert.Contains(f.Name, columns));
            foreach (var column in contract.Columns.Where(c => c.Required))
                Assert.NotEqual("", row.GetProperty(column.SourceField).ToString());
        }
    }

    private static List<JsonElement> CatalogFields(Contract contract)
    {
        using var catalog = JsonDocument.Parse(File.ReadAllBytes(Checkout.Shared("facts", "fmp", "fmp_catalog.json")));
        var entry = catalog.RootElement.EnumerateArray().Single(e => e.GetProperty("path").GetString() == "/stable/" + contract.Source.Endpoint);
        return [.. entry.GetProperty("fields").EnumerateArray().Select(f => f.Clone())];
    }

    private static IEnumerable<JsonDocument> Replies(string endpoint)
    {
        var data = Checkout.Shared("data", "fmp");
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(data, "index.json")));
        foreach (var file in index.RootElement.GetProperty("files").EnumerateArray())
        {
            var isReply = file.GetProperty("request").GetString()!.Split('?')[0] == "/stable/" + endpoint && !file.GetProperty("file").GetString()!.StartsWith("errors/", StringComparison.Ordinal);
            var path = Path.Combine(data, file.GetProperty("file").GetString()!);
            if (isReply && File.Exists(path) && JsonDocument.Parse(File.ReadAllBytes(path)) is { RootElement.ValueKind: JsonValueKind.Array } reply)
                yield return reply;
        }
    }
}
