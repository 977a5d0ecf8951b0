using Finks.Contracts;

namespace Finks.Cleansing.Privacy;

/// <summary>Hides the values of one column. One object serves all rows of one reader in turn.</summary>
internal sealed class ValueMask
{
    /// <summary>What stands where personal data was.</summary>
    public const string Redacted = "REDACTED";

    private readonly MaskingKey? _key;
    private readonly string? _fixed;
    private string? _lastValue;
    private string _lastHash = "";

    private ValueMask(MaskingKey? key, string? fixedText) => (_key, _fixed) = (key, fixedText);

    /// <summary>The mask of a column; null for one that is stored as it is.</summary>
    /// <param name="key">Null where nothing is stored: what would be hashed is redacted then.</param>
    public static ValueMask? Of(ContractColumn column, MaskingKey? key) => column.Masking switch
    {
        Masking.None => null,
        Masking.Hash => new ValueMask(key, Redacted),
        _ => new ValueMask(null, column.Type.Kind == ColumnKind.Text ? Redacted : null),
    };

    /// <summary>What stands for a value that is there; null for a redacted one in a column that holds no text.</summary>
    public string? Hide(string value)
    {
        if (_key is null)
            return _fixed;
        // A key repeats for thousands of rows.
        if (value != _lastValue)
            (_lastValue, _lastHash) = (value, _key.Hash(value));
        return _lastHash;
    }
}
