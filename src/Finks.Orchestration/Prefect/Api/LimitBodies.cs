namespace Finks.Orchestration.Prefect.Api;

/// <summary>Slots to be taken, one of each limit, or none at all.</summary>
/// <param name="LeaseDuration">Seconds, from 60 to 86400; renewed or lost.</param>
public sealed record LeaseCreate(IReadOnlyList<string> Names, int Slots, string Mode, double LeaseDuration, LeaseHolder? Holder);

/// <summary>Who holds the slots, for people who look.</summary>
/// <param name="Type"><c>flow_run</c>, <c>task_run</c> or <c>deployment</c>.</param>
public sealed record LeaseHolder(string Type, Guid Id);

/// <summary>Slots taken.</summary>
public sealed record LeaseBody(Guid LeaseId);

/// <summary>The body of a renewal.</summary>
/// <param name="LeaseDuration">Seconds from now.</param>
public sealed record LeaseRenewal(double LeaseDuration);
