namespace Finks.Orchestration.Prefect.Deploying;

/// <summary>A server could not be brought to what a file wants. The message says what was done, and how to go on.</summary>
public sealed class PrefectDeployException(string message, Exception? cause = null) : Exception(message, cause);
