namespace Finks.Simulator;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014) and draws made from it by additions and multiplications alone, so that a seed gives the same market on
/// every machine and .NET version: System.Random may change, and Math.Log and Math.Exp differ in the last digit.
/// </summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A stream of its own for each purpose, so that asking one thing more does not change all others.</summary>
    public static Dice For(int seed, int symbol, int purpose)
    {
        var mixed = new Dice(unchecked((ulong)seed * 0x9E3779B97F4A7C15UL)).Next() ^ unchecked(((ulong)(uint)symbol << 20) + (ulong)(uint)purpose);
        return new Dice(new Dice(mixed).Next());
    }

    /// <summary>From 0 up to but without 1.</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>From low to high, both included.</summary>
    public int Whole(int low, int high) => low + (int)(Uniform() * (high - low + 1));

    /// <summary>Mean 0, variance 1, within 6: the sum of twelve uniform draws less 6.</summary>
    public double Normal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += Uniform();
        return sum;
    }

    private ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
