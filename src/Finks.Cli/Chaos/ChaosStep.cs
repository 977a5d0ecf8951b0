using Finks.Pipelines;

namespace Finks.Cli.Chaos;

/// <summary>A piece of the work that every scratch lake goes through.</summary>
/// <param name="Name">For people.</param>
/// <param name="Command">The command line that does it in a process of its own, without the options that name the lake.</param>
/// <param name="Run">Does the same in this process, which saves the start of one.</param>
internal sealed record ChaosStep(string Name, IReadOnlyList<string> Command, Func<Workspace, CancellationToken, Task> Run);
