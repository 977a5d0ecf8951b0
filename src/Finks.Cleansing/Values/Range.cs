using System.Globalization;
using Finks.Contracts;

namespace Finks.Cleansing.Values;

/// <summary>The limits that a contract sets to numbers.</summary>
internal static class Range
{
    /// <summary>What is wrong with a value, to be put after it in a message; null when it is within the limits.</summary>
    public static string? Check(ContractColumn column, decimal value)
    {
        if (column.Minimum is { } minimum && value < minimum)
            return string.Create(CultureInfo.InvariantCulture, $"is below the minimum {minimum}");
        if (column.ExclusiveMinimum is { } bound && value <= bound)
            return string.Create(CultureInfo.InvariantCulture, $"is not above {bound}");
        if (column.ExclusiveMaximum is { } end && value >= end)
            return string.Create(CultureInfo.InvariantCulture, $"is not below {end}");
        return column.Maximum is { } maximum && value > maximum
            ? string.Create(CultureInfo.InvariantCulture, $"is above the maximum {maximum}")
            : null;
    }
}
