namespace Finks.Testing;

/// <summary>The system's clock, for real servers and programs; everything under test gets a fake one.</summary>
public sealed class RealClock : TimeProvider;
