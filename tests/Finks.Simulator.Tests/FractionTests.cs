namespace Finks.Simulator.Tests;

public class FractionTests
{
    [Theory]
    [InlineData(7_00000000, 7, 1)]
    [InlineData(10000000, 1, 10)]
    [InlineData(1_50000000, 3, 2)]
    [InlineData(33333333, 1, 3)]
    [InlineData(1_33333333, 4, 3)]
    [InlineData(3125000, 1, 32)]
    [InlineData(1_12200000, 561, 500)]
    [InlineData(1_00000000, 1, 1)]
    [InlineData(7_00000700, 7, 1)] // 1 / 0.142857
    [InlineData(1_49999925, 3, 2)] // 1 / 0.666667
    [InlineData(1_10999988, 111, 100)] // 1 / 0.900901
    public void Split_coefficients_become_the_ratio_that_was_announced(long coefficient, long numerator, long denominator) =>
        Assert.Equal((numerator, denominator), Fraction.Of(coefficient));

    [Fact]
    public void Every_fraction_or_its_inverse_rounds_to_the_coefficient_and_is_in_lowest_terms()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var decimalPlaces = random.NextInt64(10_000, 60_00000000);
            var (p, q) = Fraction.Of(decimalPlaces);
            Assert.True(Round((decimal)p / q) == decimalPlaces || Round(1 / Math.Round((decimal)q / p, 6)) == decimalPlaces, $"{p}/{q} is not {decimalPlaces}");
            Assert.Equal(System.Numerics.BigInteger.One, System.Numerics.BigInteger.GreatestCommonDivisor(p, q));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void A_ratio_that_is_not_positive_is_refused(long coefficient) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Fraction.Of(coefficient));

    private static long Round(decimal coefficient) => (long)Math.Round(coefficient * 100_000_000);
}
