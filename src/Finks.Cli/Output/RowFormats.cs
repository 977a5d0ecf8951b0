using System.Data.Common;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Finks.Pipelines.Reading;
using Spectre.Console;

namespace Finks.Cli.Output;

/// <summary>How rows are printed.</summary>
internal enum RowFormat
{
    /// <summary>For people; long texts are cut.</summary>
    Table,

    /// <summary>RFC 4180, with a header line.</summary>
    Csv,

    /// <summary>A JSON array of objects.</summary>
    Json,
}

/// <summary>Prints rows in the formats that <c>--format</c> names. Null is an empty cell, in JSON null.</summary>
internal static class RowFormats
{
    private const int LongestCell = 40;

    /// <summary>Prints all rows of a reader and returns their number.</summary>
    public static int Write(DbDataReader reader, RowFormat format, TextWriter output) => format switch
    {
        RowFormat.Csv => WriteCsv(reader, output),
        RowFormat.Json => WriteJson(reader, output),
        _ => WriteTable(reader),
    };

    private static int WriteTable(DbDataReader reader)
    {
        var table = new Table().Border(TableBorder.Simple);
        var columns = Enumerable.Range(0, reader.FieldCount).ToList();
        foreach (var i in columns)
        {
            var column = new TableColumn(Markup.Escape(reader.GetName(i))).NoWrap();
            table.AddColumn(IsNumber(reader.GetFieldType(i)) ? column.RightAligned() : column);
        }

        var rows = 0;
        for (; reader.Read(); rows++)
            table.AddRow([.. columns.Select(i => Markup.Escape(Cut(Shown(reader, i))))]);
        WideConsole().Write(table);
        return rows;
    }

    private static int WriteCsv(DbDataReader reader, TextWriter output)
    {
        var columns = Enumerable.Range(0, reader.FieldCount).ToList();
        output.WriteLine(string.Join(',', columns.Select(i => CsvCell(reader.GetName(i)))));
        var rows = 0;
        for (; reader.Read(); rows++)
            output.WriteLine(string.Join(',', columns.Select(i => CsvCell(CellText.Of(reader, i) ?? ""))));
        return rows;
    }

    private static int WriteJson(DbDataReader reader, TextWriter output)
    {
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartArray();
        var rows = 0;
        for (; reader.Read(); rows++)
        {
            json.WriteStartObject();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                json.WritePropertyName(reader.GetName(i));
                WriteJsonCell(json, reader, i);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        return rows;
    }

    private static void WriteJsonCell(Utf8JsonWriter json, DbDataReader reader, int i)
    {
        if (CellText.Of(reader, i) is not { } text)
            json.WriteNullValue();
        else if (reader.GetValue(i) is bool flag)
            json.WriteBooleanValue(flag);
        else if (IsNumber(reader.GetFieldType(i)) && (text.Length == 0 || char.IsAsciiDigit(text[^1])))
            json.WriteRawValue(text);
        else
            json.WriteStringValue(text);
    }

    private static bool IsNumber(Type type) => type == typeof(decimal) || type == typeof(double) || type == typeof(float)
        || type == typeof(long) || type == typeof(int) || type == typeof(short) || type == typeof(byte) || type == typeof(System.Numerics.BigInteger);

    private static string Shown(DbDataReader reader, int i) =>
        !reader.IsDBNull(i) && reader.GetValue(i) is double number ? number.ToString("0.######", CultureInfo.InvariantCulture) : CellText.Of(reader, i) ?? "";

    private static string Cut(string text) => text.Length <= LongestCell ? text : text[..(LongestCell - 1)] + "…";

    public static string CsvCell(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A console as wide as it takes when the output goes to a file or a pipe: nothing is cut there.</summary>
    public static IAnsiConsole WideConsole()
    {
        const int unlimited = 1000;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
            console.Profile.Width = unlimited;
        return console;
    }
}
