using System.Security.Cryptography;
using System.Text;
using Finks.Cleansing.Privacy;
using Finks.Lake;

namespace Finks.Cleansing.Tests;

/// <summary>Personal data between Bronze and everything behind it.</summary>
public sealed class MaskingTests : IDisposable
{
    private const string Salt = "0123456789abcdef-of-tests";

    private static readonly MaskingKey Key = MaskingKey.From(Salt, "dev");

    private readonly CleansingFixture _lake = new();

    [Fact]
    public void A_hash_is_HMAC_SHA_256_under_a_key_of_the_salt_and_the_environment()
    {
        var derived = new HMACSHA256(Encoding.UTF8.GetBytes(Salt)).ComputeHash(Encoding.UTF8.GetBytes("finks masking, environment dev"));
        var expected = new HMACSHA256(derived).ComputeHash(Encoding.UTF8.GetBytes("ada@acme.test"));

        Assert.Equal(Convert.ToHexString(expected).ToLowerInvariant(), Key.Hash("ada@acme.test"));
        Assert.NotEqual(Key.Hash("ada@acme.test"), MaskingKey.From(Salt, "prod").Hash("ada@acme.test"));
    }

    [Fact]
    public void Silver_holds_hashes_as_text_and_redacted_values_as_a_fixed_text_or_null()
    {
        _lake.Receive("contact", Fmp.List(ContactContract.Row("ada@acme.test", "Ada Lovelace")));

        Cleanse(Key);

        Assert.Equal(
            [$"{Key.Hash("ada@acme.test")}|ACME|2024-01-02|{Key.Hash("Ada Lovelace")}|{Key.Hash("1971-03-04")}|{Key.Hash("81234.5")}|REDACTED|null|3"],
            _lake.Silver("contact", "email,company,since,full_name,born,salary,phone,shoe_size,floor"));
    }

    [Fact]
    public void Equal_values_have_one_hash_however_the_source_spells_them_and_null_stays_null()
    {
        _lake.Receive("contact", Fmp.List(
            ContactContract.Row("ada@acme.test", "Ada \\u004covelace", salary: "81234.50"),
            ContactContract.Row("bob@acme.test", "Ada Lovelace", born: "1971-03-04 00:00:00", salary: "\"8.12345e4\""),
            ContactContract.Row("cy@acme.test", "N/A", born: "", salary: "null")));

        Cleanse(Key);

        Assert.Equal(["2|1|1|1"], _lake.Silver("contact", "count(full_name),count(distinct full_name),count(distinct born),count(distinct salary)"));
    }

    [Fact]
    public void Versions_and_withdrawals_go_by_the_hash_of_the_key()
    {
        _lake.Receive("contact", Fmp.List(ContactContract.Row("ada@acme.test", "Ada"), ContactContract.Row("bob@acme.test", "Bob")));
        Cleanse(Key);
        _lake.Clock.Advance(TimeSpan.FromDays(1));
        _lake.Receive("contact", Fmp.List(ContactContract.Row("ada@acme.test", "Ada King")));

        var counts = Cleanse(Key);

        Assert.Equal((1, 0, 1), (counts.New, counts.Repeated, counts.Withdrawn));
        Assert.Equal([$"{Key.Hash("bob@acme.test")}"], _lake.Silver("contact", "email", "where removed"));
    }

    [Fact]
    public void Checks_are_made_on_the_clear_value_and_their_reasons_do_not_quote_it()
    {
        _lake.Receive("contact", Fmp.List(
            ContactContract.Row("no-address-of-ada", "Ada"),
            ContactContract.Row("bob@acme.test", "Bob", born: "4 March 1971"),
            ContactContract.Row("cy@acme.test", "Cy", salary: "-17.25"),
            ContactContract.Row("di@acme.test", "Di", floor: "\"Di Prince\"")));

        var counts = Cleanse(Key);

        Assert.Equal(4, counts.Quarantined);
        Assert.Equal(
            [
                "email (eMail): the value (not shown: personal data) does not match \\S+@\\S+",
                "born: the value (not shown: personal data) is not a date (yyyy-MM-dd)",
                "salary: the value (not shown: personal data) is below the minimum 0",
                "floor: the value (not shown: personal data) is not a whole number",
            ],
            _lake.Silver("quarantine", "reasons[1]", "order by bronze_row"));
        AssertNothingClear(counts, "no-address-of-ada", "4 March 1971", "17.25", "Di Prince");
    }

    [Fact]
    public void A_refused_row_is_kept_with_its_personal_fields_as_Silver_would_have_them()
    {
        _lake.Receive("contact", Fmp.List(ContactContract.Row("ada@acme.test", "Ada Lovelace", floor: "\"attic\"", more: ""","name":"A. Lovelace","assistant":{"of":"Ada Lovelace"},"ada@acme.test":1""")));

        var counts = Cleanse(Key);

        Assert.Equal(
            $$"""{"eMail":"{{Key.Hash("ada@acme.test")}}","company":"ACME","since":"2024-01-02","fullName":"{{Key.Hash("Ada Lovelace")}}","born":"{{Key.Hash("1971-03-04")}}","salary":"{{Key.Hash("81234.5")}}","phone":"REDACTED","shoeSize":"REDACTED","floor":"REDACTED","name":"{{Key.Hash("A. Lovelace")}}","assistant":"REDACTED","REDACTED":"REDACTED"}""",
            Assert.Single(_lake.Silver("quarantine", "raw_row")));
        Assert.Equal(["REDACTED", "assistant"], counts.UnknownFields);
    }

    [Theory]
    [InlineData("""[{"eMail":"ada@acme.test","fullName":"Ada Lovelace""")]
    [InlineData("""{"eMail":"ada@acme.test"}""")]
    [InlineData("""["ada@acme.test"]""")]
    [InlineData("""[[{"eMail":"ada@acme.test"}]]""")]
    [InlineData("""[{"eMail":"ada@acme.test","fullName":"Ada Lovelace"} Ada Lovelace""")]
    [InlineData("ada@acme.test")]
    public void What_cannot_be_parsed_is_not_copied(string body)
    {
        _lake.Receive("contact", body);

        var counts = Cleanse(Key);

        Assert.True(counts.Quarantined >= 1);
        AssertNothingClear(counts, "ada@acme.test", "Ada Lovelace");
    }

    [Fact]
    public void Nothing_clear_is_in_any_byte_of_Silver_or_the_catalog_after_clean_refused_conflicting_and_drifted_rows()
    {
        string[] clear = ["ada@acme.test", "Ada Lovelace", "1971-03-04", "81234.", "555 0199", "44.123456789", "bob@acme.test", "Bob Babbage", "cyd@acme.test", "dee@acme.test"];
        _lake.Receive("contact", Fmp.List(
            ContactContract.Row("ada@acme.test", "Ada Lovelace"),
            ContactContract.Row("bob@acme.test", "Bob Babbage"),
            ContactContract.Row("bob@acme.test", "Bob Babbage", salary: "81234.75"),
            ContactContract.Row("cyd@acme.test", "Ada Lovelace", floor: "\"cyd@acme.test\""),
            ContactContract.Row("dee@acme.test", "Ada Lovelace", more: ""","mail":"dee@acme.test","Bob Babbage":true""")));
        _lake.Receive("contact", """[{"eMail":{"ada@acme.test":"Ada Lovelace"}}]""");

        var counts = Cleanse(Key);

        Assert.Equal((6, 3, 3), (counts.RowsIn, counts.New, counts.Quarantined));
        AssertNothingClear(counts, clear);
    }

    [Fact]
    public void Without_a_salt_nothing_is_written_and_the_message_says_what_to_set()
    {
        _lake.Receive("contact", Fmp.List(ContactContract.Row("ada@acme.test", "Ada")));
        var before = _lake.Lake.CurrentSnapshot();

        var error = Assert.Throws<MaskingException>(() => Cleanse(null)).Message;

        Assert.Contains("contact (email, full_name, born, salary; contracts/contact.odcs.yaml)", error, StringComparison.Ordinal);
        Assert.Contains("Set FINKS_MASKING_SALT to a secret of at least 16 characters", error, StringComparison.Ordinal);
        Assert.Equal(before, _lake.Lake.CurrentSnapshot());
        Assert.Single(_lake.Bronze.Unconsumed("fmp", "contact"));
    }

    [Fact]
    public void Another_salt_is_refused_with_the_reason_and_the_first_one_goes_on()
    {
        _lake.Receive("contact", Fmp.List(ContactContract.Row("ada@acme.test", "Ada")));
        Cleanse(Key);
        _lake.Clock.Advance(TimeSpan.FromDays(1));
        _lake.Receive("contact", Fmp.List(ContactContract.Row("ada@acme.test", "Ada")));

        var error = Assert.Throws<MaskingException>(() => Cleanse(MaskingKey.From("another salt, long enough", "dev"))).Message;

        Assert.Contains("equal values would get other hashes", error, StringComparison.Ordinal);
        Assert.DoesNotContain("another salt", error, StringComparison.Ordinal);
        Assert.Equal(1, Cleanse(Key).Repeated);
        AssertNothingClear(null, Salt);
    }

    [Fact]
    public void Two_processes_with_two_salts_bind_the_lake_to_one_of_them()
    {
        _lake.Lake.Database.Write(tx => MaskingSalt.Bind(tx, [ContactContract.Contract], Key, "dev"));

        Assert.Throws<MaskingException>(() =>
            _lake.Lake.Database.Write(tx => MaskingSalt.Bind(tx, [ContactContract.Contract], MaskingKey.From("another salt, long enough", "dev"), "dev")));
    }

    [Fact]
    public void A_short_salt_is_refused() =>
        Assert.Contains("has 15 characters", Assert.Throws<MaskingException>(() => MaskingKey.From(Salt[..15], "dev")).Message, StringComparison.Ordinal);

    public void Dispose() => _lake.Dispose();

    private DatasetCounts Cleanse(MaskingKey? key) => _lake.Cleanser.Run(
        new CleanseRequest { Contracts = [ContactContract.Contract], RunId = $"run-{_lake.Lake.CurrentSnapshot().Id}", Masking = key, Threads = 2, Accepted = Finks.Contracts.CheckNames.All },
        new Progress<string>(),
        CancellationToken.None).Datasets.Single();

    /// <summary>Looks at what was reported, at every byte of every file but Bronze's, and at every value of the Parquet files.</summary>
    private void AssertNothingClear(DatasetCounts? counts, params string[] clear)
    {
        var seen = new List<(string Where, string Text)>();
        if (counts is not null)
            seen.Add(("report", string.Join('\n', [.. counts.Reasons.Select(r => r.Reason), .. counts.UnknownFields])));
        // Nobody can read a lock that is held; what a lock file holds is its owner's.
        var files = Directory.EnumerateFiles(_lake.Lake.Paths.Home, "*", SearchOption.AllDirectories);
        foreach (var file in files.Where(f => !f.Contains(_lake.Lake.Paths.BronzeZone, StringComparison.Ordinal) && !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            seen.Add((file, Encoding.Latin1.GetString(bytes)));
            if (file.EndsWith(".parquet", StringComparison.Ordinal))
                seen.Add((file, ParquetText(file)));
        }

        Assert.Contains(seen, s => s.Where.EndsWith("lake.sqlite", StringComparison.Ordinal));
        foreach (var value in clear)
            Assert.DoesNotContain(seen, s => s.Text.Contains(value, StringComparison.OrdinalIgnoreCase));
    }

    private static string ParquetText(string file)
    {
        using var connection = DuckDb.OpenInMemory();
        using var command = connection.CreateCommand();
        command.CommandText = $"select string_agg(r::varchar, chr(10)) from read_parquet('{file}', hive_partitioning = false) r";
        return (string)command.ExecuteScalar()!;
    }
}
