namespace Finks.Cli.Chaos;

/// <summary>The proof failed; the message says where and what, and how to see it again.</summary>
internal sealed class ChaosException(string message) : Exception(message);
