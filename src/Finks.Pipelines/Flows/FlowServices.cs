using Finks.Lake.Maintenance;

namespace Finks.Pipelines.Flows;

/// <summary>What the flows depend on besides their parameters.</summary>
public sealed record FlowServices
{
    public required Workspace Workspace { get; init; }

    /// <summary>Spreads the pauses before repeated calls.</summary>
    public required Random Random { get; init; }

    /// <summary>The key of Financial Modeling Prep; null when none is set, which only flows that ask it mind.</summary>
    public string? FmpApiKey { get; init; }

    /// <summary>Where Financial Modeling Prep is, when the parameters do not say.</summary>
    public Uri FmpBaseAddress { get; init; } = new("https://financialmodelingprep.com/");

    /// <summary>Opens the place of backups that a text names: a folder, or <c>s3://BUCKET/FOLDER</c>.</summary>
    public Func<string, BackupPlace> OpenBackup { get; init; } = BackupPlace.Folder;
}

/// <summary>A setting of the environment is missing, so a flow cannot do its work.</summary>
public sealed class FlowSettingException(string message) : Exception(message);
