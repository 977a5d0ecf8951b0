using System.Globalization;
using System.Text;

namespace Finks.Simulator.Tests;

public class JavaScriptNumberTests
{
    /// <summary>Spellings by ECMA-262, Number::toString.</summary>
    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(-0.0, "0")]
    [InlineData(1e-6, "0.000001")]
    [InlineData(1.5e-7, "1.5e-7")]
    [InlineData(-0.00001234, "-0.00001234")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(123456789012345680000.0, "123456789012345680000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.8398528382123738e+23, "1.8398528382123738e+23")]
    [InlineData(0.44898318513953694, "0.44898318513953694")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.NaN, "null")]
    public void Doubles_are_spelled_as_JavaScript_spells_them(double value, string expected) => Assert.Equal(expected, Print(value));

    [Fact]
    public void What_is_printed_reads_back_as_the_same_double()
    {
        var random = new Random(5);
        for (var i = 0; i < 20_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(value))
                Assert.Equal(value, double.Parse(Print(value), CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Scaled_numbers_are_the_shortest_spelling_of_the_decimal()
    {
        var random = new Random(6);
        var target = new byte[JavaScriptNumber.Longest];
        for (var i = 0; i < 20_000; i++)
        {
            var digits = random.Next(0, 9);
            var value = random.NextInt64(-1_000_000_000_000, 1_000_000_000_000) / (long)Math.Pow(10, random.Next(0, 12));
            var length = JavaScriptNumber.WriteScaled(target, value, digits);
            var expected = (value / (decimal)Math.Pow(10, digits)).ToString("0.########", CultureInfo.InvariantCulture);
            Assert.Equal(expected, Encoding.ASCII.GetString(target, 0, length));
        }
    }

    private static string Print(double value)
    {
        var target = new byte[JavaScriptNumber.Longest];
        return Encoding.ASCII.GetString(target, 0, JavaScriptNumber.Write(target, value));
    }
}
