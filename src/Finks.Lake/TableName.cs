namespace Finks.Lake;

/// <summary>Names a table; without regard to case, as DuckDB does.</summary>
public sealed record TableName(string Schema, string Name)
{
    public bool Equals(TableName? other) => other is not null
        && Schema.Equals(other.Schema, StringComparison.OrdinalIgnoreCase) && Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() =>
        HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(Schema), StringComparer.OrdinalIgnoreCase.GetHashCode(Name));

    public override string ToString() => $"{Schema}.{Name}";
}
