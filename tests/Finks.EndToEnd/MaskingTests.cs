using System.Text;
using Finks.Cleansing.Privacy;
using Finks.Cleansing.Tests;
using Finks.Lake;
using Finks.Simulator;

namespace Finks.EndToEnd;

/// <summary>Personal data from the source to the terminal: the program as a user runs it, on a source that serves persons.</summary>
public sealed class MaskingTests : IDisposable
{
    private const string Salt = "a secret of the tests, long enough";

    /// <summary>All that must be found nowhere behind Bronze.</summary>
    private static readonly string[] Clear =
        ["ada@acme.test", "Ada Lovelace", "bob@acme.test", "Bob Babbage", "cyd@acme.test", "dee@acme.test", "Eve Polastri", "1971-03-04", "81234.", "555 0199", "44.123456789"];

    private static readonly string Rows = $"[{string.Join(",",
        ContactContract.Row("ada@acme.test", "Ada Lovelace"),
        ContactContract.Row("bob@acme.test", "Bob Babbage"),
        ContactContract.Row("bob@acme.test", "Bob Babbage", salary: "81234.75"),
        ContactContract.Row("cyd@acme.test", "Ada Lovelace", floor: "\"cyd@acme.test\""),
        ContactContract.Row("dee@acme.test", "Ada Lovelace", more: ""","mail":"dee@acme.test","Bob Babbage":true"""))}]";

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _printed = new();

    private string Home => _folder.File("lake");

    [Fact]
    public async Task Nothing_clear_is_printed_or_stored_behind_Bronze_and_trace_reveals_only_when_asked()
    {
        WriteProject();
        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), new Persons(), new RealClock(), TestContext.Current.CancellationToken);

        Assert.Equal(0, Finks(Salt, [.. Run(server), "--symbols", "ACME"]).ExitCode);
        Assert.Equal(3, Finks(Salt, [.. Run(server), "--symbols", "HTML"]).ExitCode);
        var key = MaskingKey.From(Salt, "dev");
        Finks(Salt, ["status", .. Folders]);
        Finks(Salt, ["show", "contact_list", .. Folders]);
        Finks(Salt, ["show", "silver.contact", "--history", "--format", "json", .. Folders]);
        Finks(Salt, ["show", "silver.quarantine", "--format", "csv", .. Folders]);
        Finks(Salt, ["diff", "silver.contact", "--from", "0", .. Folders]);
        Finks(Salt, ["lake", "check", .. Folders]);
        var byKey = Finks(Salt, ["trace", "silver.contact", "--key", $"email={key.Hash("ada@acme.test")}", .. Folders]);
        var byRow = Finks(Salt, ["trace", "--batch", "1", "--line", "0", "--row", "3", .. Folders]);
        var whole = Finks(Salt, ["trace", "--batch", "1", "--line", "0", .. Folders]);
        var withoutSalt = Finks(null, ["trace", "--batch", "1", "--line", "0", .. Folders]);
        var unparseable = Finks(Salt, ["trace", "--batch", "2", "--line", "0", .. Folders]);
        var noRow = Finks(Salt, ["trace", "--batch", "2", "--line", "0", "--row", "0", .. Folders]);

        Assert.Contains($"\"eMail\":\"{key.Hash("ada@acme.test")}\"", byKey.Output, StringComparison.Ordinal);
        Assert.Contains($"\"eMail\":\"{key.Hash("cyd@acme.test")}\"", byRow.Output, StringComparison.Ordinal);
        Assert.Contains($"\"eMail\":\"{key.Hash("dee@acme.test")}\"", whole.Output, StringComparison.Ordinal);
        Assert.Contains("\"eMail\":\"REDACTED\"", withoutSalt.Output, StringComparison.Ordinal);
        Assert.Contains(PersonalRows.NotShown, unparseable.Output, StringComparison.Ordinal);
        Assert.Contains(PersonalRows.NotShown, noRow.Output, StringComparison.Ordinal);
        Assert.Contains(key.Hash("ada@acme.test"), _printed.ToString(), StringComparison.Ordinal);
        AssertNowhere(Clear, _printed.ToString());
        AssertNowhere([.. Clear, Salt], [.. StoredTexts()]);

        var revealed = FinksProgram.RunWith(Environment(Salt), ["trace", "--batch", "1", "--line", "0", "--reveal", .. Folders]).Output;
        Assert.Contains(Rows, revealed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_salt_no_stage_begins_and_another_salt_is_refused()
    {
        WriteProject();
        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions(), new Persons(), new RealClock(), TestContext.Current.CancellationToken);

        var without = Finks(null, [.. Run(server), "--symbols", "ACME"]);
        Assert.Equal(1, without.ExitCode);
        Assert.StartsWith("contact (email, full_name, born, salary; ", without.Error, StringComparison.Ordinal);
        Assert.Contains("Set FINKS_MASKING_SALT to a secret", without.Error, StringComparison.Ordinal);
        Assert.Equal(0, server.RequestCount);

        Assert.Equal(1, Finks("too short", [.. Run(server), "--symbols", "ACME"]).ExitCode);
        Assert.Equal(0, Finks(Salt, [.. Run(server), "--symbols", "ACME"]).ExitCode);
        var requests = server.RequestCount;
        var other = Finks("another secret of the tests", [.. Run(server), "--symbols", "ACME,MORE"]);
        Assert.Equal((1, requests), (other.ExitCode, server.RequestCount));
        Assert.StartsWith("FINKS_MASKING_SALT is not the salt that this lake was filled with", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shipped_contracts_need_no_salt_and_redact_the_name_of_a_chief_executive() =>
        Assert.Equal(
            [("security_profile", "ceo", Contracts.Masking.Redact)],
            Contracts.ContractCatalog.Load(Checkout.PathOf("contracts")).Contracts
                .SelectMany(c => c.Columns.Where(k => k.Masking != Contracts.Masking.None).Select(k => (c.Dataset, k.Name, k.Masking))));

    public void Dispose() => _folder.Dispose();

    private string[] Folders => ["--home", Home, "--contracts", _folder.File("contracts"), "--dbt", _folder.File("dbt")];

    private string[] Run(SimulatorServer server) =>
        ["run", "--from", "2024-01-01", "--to", "2024-12-31", "--base-url", server.BaseAddress.ToString(), "--calls-per-minute", "0", "--accept", "rows_refused", .. Folders];

    private ProgramResult Finks(string? salt, string[] arguments)
    {
        var result = FinksProgram.RunWith(Environment(salt), arguments);
        _printed.Append(result.Output).Append(result.Error);
        return result;
    }

    private static Dictionary<string, string> Environment(string? salt) => salt is null ? [] : new Dictionary<string, string> { [MaskingKey.Setting] = salt };

    private void WriteProject()
    {
        Write("contracts/contact.odcs.yaml", ContactContract.Yaml);
        Write("dbt/dbt_project.yml", "name: persons\nversion: '1'\nconfig-version: 2\nprofile: finks\nmodel-paths: [models]\nmodels: { persons: { marts: { +materialized: table } } }\n");
        Write("dbt/models/sources.yml", "version: 2\nsources: [{ name: silver, schema: silver, tables: [{ name: contact }] }]\n");
        Write("dbt/models/marts/people/contact_list.sql", "select email, company, since, full_name, born, salary, phone, shoe_size, floor from {{ source('silver', 'contact') }} where not removed\n");
    }

    private void Write(string path, string text)
    {
        var file = _folder.File(path.Split('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Every byte of every file but Bronze's, and every value of the Parquet files.</summary>
    private IEnumerable<string> StoredTexts()
    {
        var parquet = 0;
        foreach (var file in Directory.EnumerateFiles(Home, "*", SearchOption.AllDirectories).Where(f => !f.Contains("-bronze-zone", StringComparison.Ordinal)))
        {
            yield return Encoding.Latin1.GetString(File.ReadAllBytes(file));
            if (!file.EndsWith(".parquet", StringComparison.Ordinal))
                continue;
            parquet++;
            using var connection = DuckDb.OpenInMemory();
            using var command = connection.CreateCommand();
            command.CommandText = $"select string_agg(r::varchar, chr(10)) from read_parquet('{file}', hive_partitioning = false) r";
            yield return (string)command.ExecuteScalar()!;
        }

        // Silver's table, quarantine, and Gold's.
        Assert.Equal(3, parquet);
    }

    private static void AssertNowhere(string[] clear, params string[] texts)
    {
        foreach (var value in clear)
            Assert.DoesNotContain(texts, text => text.Contains(value, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Serves persons at <c>/stable/contacts</c>; for the symbol HTML a page with a person in it.</summary>
    private sealed class Persons : IMarketSource
    {
        public IReadOnlyList<string> Symbols => ["ACME"];

        public DateOnly First => new(2024, 1, 1);

        public DateOnly Until => new(2024, 12, 31);

        public ApiReply? Answer(ApiRequest request) => request.Symbol switch
        {
            "HTML" => new ApiReply(200, "text/html", Encoding.UTF8.GetBytes("<html>Eve Polastri is on leave</html>")),
            "ACME" => new ApiReply(200, "application/json", Encoding.UTF8.GetBytes(Rows)),
            _ => new ApiReply(200, "application/json", "[]"u8.ToArray()),
        };
    }
}
