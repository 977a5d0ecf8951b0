namespace Finks.Fmp.Tests;

public class FmpOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => new FmpOptions { ApiKey = Stage.Key }.Validate();

    [Fact]
    public void All_faults_are_reported_at_once()
    {
        var options = new FmpOptions
        {
            ApiKey = "short",
            BaseAddress = new Uri("ftp://example.com"),
            CallsPerMinute = 0,
            Burst = 0,
            AttemptTimeout = TimeSpan.Zero,
            MaxAttempts = 0,
            FirstDelay = TimeSpan.FromHours(1),
            FirstDelayWhenThrottled = TimeSpan.FromSeconds(-1),
            MaxDelay = TimeSpan.FromDays(1),
        };
        var refused = Assert.Throws<FmpOptionsException>(options.Validate);
        Assert.Equal(10, refused.Faults.Count);
        Assert.All(refused.Faults, fault => Assert.Contains(fault, refused.Message));
    }

    [Fact]
    public void Neither_options_nor_their_faults_show_the_key()
    {
        const string key = "secret with spaces";
        var options = new FmpOptions { ApiKey = key };
        Assert.DoesNotContain(key, options.ToString());
        Assert.DoesNotContain(key, Assert.Throws<FmpOptionsException>(options.Validate).ToString());
    }

    [Theory]
    [InlineData("https://financialmodelingprep.com/stable/")]
    [InlineData("https://financialmodelingprep.com/?apikey=0123456789")]
    [InlineData("https://someone@financialmodelingprep.com/")]
    public void The_base_address_is_a_host_and_nothing_more(string address)
    {
        var options = new FmpOptions { ApiKey = Stage.Key, BaseAddress = new Uri(address) };
        Assert.StartsWith("BaseAddress", Assert.Single(Assert.Throws<FmpOptionsException>(options.Validate).Faults));
    }
}
