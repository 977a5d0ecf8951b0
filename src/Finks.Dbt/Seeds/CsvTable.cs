using System.Text;

namespace Finks.Dbt.Seeds;

/// <summary>A CSV file read as Python's <c>csv</c> module reads it: cells are texts, a quote inside a quoted cell is doubled.</summary>
internal sealed record CsvTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public static CsvTable Read(TextReader reader, char delimiter)
    {
        var records = Records(reader, delimiter).ToList();
        if (records.Count == 0)
            return new CsvTable([], []);
        return new CsvTable(records[0], records[1..]);
    }

    private static IEnumerable<IReadOnlyList<string>> Records(TextReader reader, char delimiter)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        var started = false;
        for (var next = reader.Read(); next >= 0; next = reader.Read())
        {
            var letter = (char)next;
            if (quoted)
            {
                if (letter != '"')
                    cell.Append(letter);
                else if (reader.Peek() == '"')
                    cell.Append((char)reader.Read());
                else
                    quoted = false;
            }
            else if (letter == '"' && cell.Length == 0)
            {
                quoted = started = true;
            }
            else if (letter == delimiter)
            {
                cells.Add(cell.ToString());
                cell.Clear();
                started = true;
            }
            else if (letter is '\n' or '\r')
            {
                if (started || cell.Length > 0)
                    yield return [.. cells, cell.ToString()];
                cells.Clear();
                cell.Clear();
                started = false;
            }
            else
            {
                cell.Append(letter);
            }
        }

        if (started || cell.Length > 0)
            yield return [.. cells, cell.ToString()];
    }
}
