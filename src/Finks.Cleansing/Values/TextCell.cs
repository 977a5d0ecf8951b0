using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Finks.Contracts;

namespace Finks.Cleansing.Values;

/// <summary>Text. A number or a boolean is taken in its JSON spelling, as FMP sends some codes both ways.</summary>
internal sealed class TextCell : ColumnCell
{
    private readonly Regex? _pattern;
    private readonly HashSet<string>? _allowed;
    private byte[] _lastBytes = [];
    private string _value = "";
    private string? _lastRefusal;

    public TextCell(ContractColumn column)
        : base(column)
    {
        _pattern = column.Pattern is null ? null : new Regex($"\\A(?:{column.Pattern})\\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        _allowed = column.AllowedValues.Count == 0 ? null : [.. column.AllowedValues];
    }

    protected override string Expected => "text";

    protected override string ValueText => _value;

    protected override void AppendValue(IDuckDBAppenderRow row) => row.AppendValue(_value);

    protected override string? Read(ReadOnlySpan<byte> text, JsonTokenType token)
    {
        // A symbol repeats for thousands of rows: neither decode nor check it again.
        if (!text.SequenceEqual(_lastBytes))
        {
            _lastBytes = text.ToArray();
            _value = Encoding.UTF8.GetString(text);
            _lastRefusal = Check(text);
        }

        HasValue = _lastRefusal is null;
        return _lastRefusal;
    }

    private string? Check(ReadOnlySpan<byte> text)
    {
        if (_allowed is not null && !_allowed.Contains(_value))
            return $"{Name}: {Quote(text)} is none of {string.Join(", ", Column.AllowedValues)}";
        if (Column.MinLength is not null || Column.MaxLength is not null)
        {
            var length = _value.EnumerateRunes().Count();
            if (length < Column.MinLength)
                return $"{Name}: {Quote(text)} is shorter than {Column.MinLength} characters";
            if (length > Column.MaxLength)
                return $"{Name}: {Quote(text)} is longer than {Column.MaxLength} characters";
        }

        return _pattern is not null && !_pattern.IsMatch(_value) ? $"{Name}: {Quote(text)} does not match {Column.Pattern}" : null;
    }
}
