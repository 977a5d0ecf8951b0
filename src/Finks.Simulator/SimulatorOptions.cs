namespace Finks.Simulator;

/// <summary>How the simulator listens, whom it lets in and what goes wrong.</summary>
public sealed record SimulatorOptions
{
    /// <summary>The port on 127.0.0.1; default 0, which takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The only key that is accepted; default null, which accepts every key but an empty one.</summary>
    public string? ApiKey { get; init; }

    /// <summary>What goes wrong, and when. Default: nothing.</summary>
    public IReadOnlyList<FaultRule> Faults { get; init; } = [];
}
