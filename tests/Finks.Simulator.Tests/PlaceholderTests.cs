namespace Finks.Simulator.Tests;
public class PlaceholderTests { [Fact] public void Runs() => Assert.True(File.Exists(Checkout.PathOf("Finks.slnx"))); }
