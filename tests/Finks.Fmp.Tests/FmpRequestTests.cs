namespace Finks.Fmp.Tests;

public class FmpRequestTests
{
    [Fact]
    public void The_canonical_query_is_sorted_and_escaped_and_the_wire_keeps_the_order()
    {
        var request = new FmpRequest("/stable/profile", KeyValuePair.Create("symbol", "^GS PC"), KeyValuePair.Create("from", "2024-01-01"));
        Assert.Equal("from=2024-01-01&symbol=%5EGS%20PC", request.CanonicalQuery);
        Assert.Equal("/stable/profile?symbol=%5EGS%20PC&from=2024-01-01", request.PathAndQuery);
    }

    [Fact]
    public void Requests_that_differ_in_order_only_are_equal()
    {
        var one = new FmpRequest("/p").With("a", "1").With("b", "2");
        var other = new FmpRequest("/p").With("b", "2").With("a", "1");
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, one.With("c", "3"));
    }

    [Theory]
    [InlineData("apikey")]
    [InlineData("ApiKey")]
    [InlineData(" apikey ")]
    public void A_key_in_the_query_is_refused_without_repeating_it(string name)
    {
        var refused = Assert.Throws<ArgumentException>(() => new FmpRequest("/p", KeyValuePair.Create(name, Stage.Key)));
        Assert.DoesNotContain(Stage.Key, refused.ToString());
    }

    [Theory]
    [InlineData("stable/profile")]
    [InlineData("//evil.example/x")]
    [InlineData("/stable/profile?symbol=A")]
    [InlineData("/a#b")]
    [InlineData("/\\evil.example")]
    public void A_path_that_is_more_or_less_than_a_path_is_refused(string path) =>
        Assert.Throws<ArgumentException>(() => new FmpRequest(path));
}
