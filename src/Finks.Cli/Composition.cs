using Finks.Cli.Chaos;
using Finks.Cli.Commands;
using Finks.Lake;

namespace Finks.Cli;

/// <summary>The one place that knows the system's clock, randomness and identifiers.</summary>
internal static class Composition
{
#pragma warning disable RS0030 // This is the place that owns the banned things.
    public static TimeProvider Clock => TimeProvider.System;

    public static Random Random() => new();

    /// <summary>Told each point at which <c>finks chaos</c> can kill this process; null in ordinary use.</summary>
    public static Action<string>? Reached => KillSwitch.Parse(WorkspaceChoice.Setting(KillSwitch.Variable)) is { } kill ? kill.Reached : null;

    public static IdSource Ids { get; } = new TimeOrderedIds();

    private sealed class TimeOrderedIds : IdSource
    {
        public override Guid Next() => Guid.CreateVersion7();
    }
#pragma warning restore RS0030
}
