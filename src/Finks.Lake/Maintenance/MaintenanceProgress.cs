namespace Finks.Lake.Maintenance;

/// <summary>How far a piece of maintenance is.</summary>
/// <param name="Doing">What it is at, for people.</param>
/// <param name="Fraction">From 0 to 1; null when unknown.</param>
public readonly record struct MaintenanceProgress(string Doing, double? Fraction);
