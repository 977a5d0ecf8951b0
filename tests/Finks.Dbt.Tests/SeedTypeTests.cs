using System.Text.Json;
using Finks.Dbt.Seeds;

namespace Finks.Dbt.Tests;

public sealed class SeedTypeTests
{
    private static readonly string[][] Columns =
    [
        ["007", "8"], ["1e3", "2"], ["2.0", "4"], ["2.50"], ["1e-3"], ["", ""], ["null", "NULL"], ["na", "1"], ["2024-1-5", ""], ["2024-13-01"], ["2024-02-30"], ["2024-01-05 10:11:12"], ["2024-01-05 1:2:3"],
        ["2024-01-05 10:11:12.123"], ["2024-01-05T10:11:12"], ["2024-01-05T10:11:12+02:00", "2024-01-05T10:11:12.5Z"], ["2024-01-05T10:11"], ["2024-01-05", "2024-01-05 10:11:12"], ["true", "FALSE", ""], ["true", "1"],
        ["yes", "no"], ["t", "f"], ["$1,000"], ["5%"], ["-$5"], ["--5"], ["+5"], ["29051_00040"], ["1 000"], [" 12 "], ["."], ["-"], ["1.5", "x"], ["NaN", "1"], ["inf"], ["€5.25"], ["1,5"], ["3000000000"], ["0.0"], ["100"],
    ];

    [Theory]
    [InlineData("integer", "007", "1e3")]
    [InlineData("float8", "2.5", "1")]
    [InlineData("date", "2024-1-5", "null")]
    [InlineData("timestamp without time zone", "2024-01-05 10:11:12")]
    [InlineData("boolean", "true", "False", "")]
    [InlineData("text", "yes", "no")]
    [InlineData("integer", "", "")]
    public void A_seed_column_gets_the_first_type_that_fits_every_cell(string type, params string[] cells) => Assert.Equal(type, SeedTypes.Guess(cells));

    [Fact]
    public void Seed_columns_get_the_types_agate_guesses()
    {
        const string Script = """
            import sys, json, tempfile, os, agate
            from dbt_common.clients.agate_helper import from_csv
            from dbt.adapters.sql.impl import SQLAdapter
            names = {'Number': None, 'Integer': 'integer', 'Date': 'date', 'DateTime': 'timestamp without time zone', 'ISODateTime': 'timestamp without time zone', 'Boolean': 'boolean', 'Text': 'text'}
            for cells in json.loads(sys.argv[1]):
                handle, path = tempfile.mkstemp(); os.close(handle)
                open(path, 'w', encoding='utf-8').write('a,b\n' + ''.join('"%s",x\n' % cell for cell in cells))
                table = from_csv(path, ())
                os.remove(path)
                kind = type(table.column_types[0]).__name__
                print(names[kind] or SQLAdapter.convert_number_type(table, 0))
            """;
        var run = Oracle.Run(Oracle.Python("dbt"), ["-c", Script, JsonSerializer.Serialize(Columns)]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(run.Output.TrimEnd('\n').Split('\n').Zip(Columns, Label), Columns.Select(cells => Label(SeedTypes.Guess(cells), cells)));
    }

    [Fact]
    public void A_quoted_cell_may_hold_delimiters_quotes_and_line_breaks()
    {
        var table = CsvTable.Read(new StringReader("a,b\r\n\"x, \"\"y\"\"\nz\",\r\n\n1,2"), ',');
        Assert.Equal(["a", "b"], table.Columns);
        Assert.Equal([["x, \"y\"\nz", ""], ["1", "2"]], table.Rows);
    }

    private static string Label(string type, string[] cells) => $"{string.Join(" / ", cells)} is {type}";
}
