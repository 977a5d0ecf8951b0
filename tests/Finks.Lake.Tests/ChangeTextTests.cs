using CsCheck;
using Finks.Lake.Commits;
using Microsoft.Data.Sqlite;

namespace Finks.Lake.Tests;

public sealed class ChangeTextTests
{
    private static readonly Gen<Change> AnyChange = Gen.Select(Gen.Enum<ChangeKind>(), Gen.Long[0, long.MaxValue], Gen.String, Gen.String, (kind, id, schema, name) =>
        kind == ChangeKind.CreatedSchema ? new Change(kind, null, schema)
        : kind is > ChangeKind.CreatedSchema and <= ChangeKind.CreatedTableMacro ? new Change(kind, null, schema, name)
        : new Change(kind, id));

    [Fact]
    public void What_is_written_is_read_back_whatever_the_names() =>
        AnyChange.List[0, 6].Sample(changes => Assert.Equal(changes, ChangeText.Parse(string.Join(',', changes))));

    [Theory]
    [InlineData("created_schema:\"s\"", "CreatedSchema s")]
    [InlineData("created_table:\"s\".\"t\",inserted_into_table:7", "CreatedTable s.t|InsertedIntoTable 7")]
    [InlineData("created_view:\"a,b\".\"v\"\"x:\"", "CreatedView a,b.v\"x:")]
    [InlineData("created_scalar_macro:\"s\".\"m\",created_table_macro:\"s\".\"n\"", "CreatedScalarMacro s.m|CreatedTableMacro s.n")]
    [InlineData("dropped_schema:1,dropped_table:2,dropped_view:5", "DroppedSchema 1|DroppedTable 2|DroppedView 5")]
    [InlineData("dropped_scalar_macro:1,dropped_table_macro:2", "DroppedScalarMacro 1|DroppedTableMacro 2")]
    [InlineData("inserted_into_table:2,deleted_from_table:2,altered_table:2,altered_view:3", "InsertedIntoTable 2|DeletedFromTable 2|AlteredTable 2|AlteredView 3")]
    [InlineData("inlined_insert:1,inlined_delete:1", "InlinedInsert 1|InlinedDelete 1")]
    [InlineData("inline_flush:1,flushed_inlined:1", "InlineFlush 1|InlineFlush 1")]
    [InlineData("merge_adjacent:3,rewrite_delete:4,compacted_table:5", "MergeAdjacent 3|RewriteDelete 4|CompactedTable 5")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Every_word_of_the_specification_is_understood(string? text, string expected) =>
        Assert.Equal(expected, string.Join('|', ChangeText.Parse(text).Select(c => $"{c.Kind} {(c.Id is { } id ? $"{id}" : c.Name is null ? c.Schema : $"{c.Schema}.{c.Name}")}")));

    [Theory]
    [InlineData("wrote_table:1", "begins with no word")]
    [InlineData("dropped_table:x", "'x' is no id")]
    [InlineData("dropped_table:-1", "'-1' is no id")]
    [InlineData("created_table:\"s\"", ". is missing at position 17")]
    [InlineData("created_schema:\"s", "\" is missing at position 17")]
    [InlineData("created_schema:\"s\" ,dropped_table:1", ", is missing at position 18")]
    [InlineData("dropped_table:1,", "'' begins with no word")]
    public void What_does_not_follow_the_grammar_is_refused_with_the_place(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => ChangeText.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("lake.sqlite", 29)]
    [InlineData("lake_inlined.sqlite", 12)]
    public void All_that_the_extension_wrote_into_the_reference_lakes_is_understood(string file, int snapshots)
    {
        using var connection = new SqliteConnection($"Data Source={Checkout.Shared("data", "ducklake", file)};Mode=ReadOnly;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT changes_made FROM ducklake_snapshot_changes";
        using var reader = command.ExecuteReader();
        var read = 0;
        for (; reader.Read(); read++)
            Assert.Equal(reader.GetString(0), string.Join(',', ChangeText.Parse(reader.GetString(0))));

        Assert.Equal(snapshots, read);
    }
}
