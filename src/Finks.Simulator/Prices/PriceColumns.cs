using System.Data.Common;
using DuckDB.NET.Data;

namespace Finks.Simulator;

/// <summary>All bars of a price file in columns, symbol after symbol, and the rows of each symbol.</summary>
internal sealed class PriceColumns
{
    private PriceColumns(int rows)
    {
        Days = new int[rows];
        Open = new long[rows];
        High = new long[rows];
        Low = new long[rows];
        Close = new long[rows];
        Volume = new long[rows];
    }

    public int[] Days { get; }

    public long[] Open { get; }

    public long[] High { get; }

    public long[] Low { get; }

    public long[] Close { get; }

    public long[] Volume { get; }

    /// <summary>Row and millionths of each dividend.</summary>
    public List<(int Row, long Millionths)> Dividends { get; } = [];

    /// <summary>Row and ratio in hundred-millionths of each split.</summary>
    public List<(int Row, long Ratio)> Splits { get; } = [];

    public IReadOnlyDictionary<string, Range> Symbols { get; private set; } = new Dictionary<string, Range>();

    public static PriceColumns Read(string file)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        var symbols = new Dictionary<string, Range>(StringComparer.Ordinal);
        var rows = 0;
        using (var reader = Query(connection, "price_file_symbols.sql", file))
        {
            while (reader.Read())
            {
                var bars = (int)reader.GetInt64(1);
                symbols.Add(reader.GetString(0), rows..(rows + bars));
                rows += bars;
            }
        }

        var columns = new PriceColumns(rows) { Symbols = symbols };
        using (var reader = Query(connection, "price_file.sql", file))
            columns.Fill(reader);
        return columns;
    }

    private void Fill(DbDataReader reader)
    {
        for (var row = 0; reader.Read(); row++)
        {
            Days[row] = reader.GetInt32(0);
            Open[row] = reader.GetInt64(1);
            High[row] = reader.GetInt64(2);
            Low[row] = reader.GetInt64(3);
            Close[row] = reader.GetInt64(4);
            Volume[row] = reader.GetInt64(5);
            if (reader.GetInt64(6) is not 0 and var dividend)
                Dividends.Add((row, dividend));
            if (reader.GetInt64(7) is not 100_000_000 and var split)
                Splits.Add((row, split));
        }
    }

    private static DuckDBDataReader Query(DuckDBConnection connection, string resource, string file)
    {
        using var stream = typeof(PriceColumns).Assembly.GetManifestResourceStream(resource)!;
        using var text = new StreamReader(stream);
        var command = connection.CreateCommand();
        command.CommandText = text.ReadToEnd();
        command.Parameters.Add(new DuckDBParameter("file", file));
        return command.ExecuteReader();
    }
}
