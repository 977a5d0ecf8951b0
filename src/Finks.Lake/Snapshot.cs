namespace Finks.Lake;

/// <summary>One state of the whole lake. It never changes.</summary>
/// <param name="Time">UTC, to the microsecond; later snapshots have later times.</param>
/// <param name="ExtraInfo">For commits of Finks, JSON with the idempotency key and <see cref="LakeCommit.Extra"/>.</param>
public sealed record Snapshot(long Id, DateTimeOffset Time, long SchemaVersion, string? Author, string? Message, string? ExtraInfo);
