using System.Text.Json;

namespace Finks.Lake.Maintenance;

/// <summary>What a backup holds. It is written last, so that whoever finds it finds all the rest.</summary>
public sealed record BackupManifest
{
    internal const string FileName = "/manifest.json";
    private const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>The form of the backup.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The time as it names the backup: <c>20261124T010203456Z</c>.</summary>
    public required string Name { get; init; }

    /// <summary>When the catalog was copied, UTC: what the backup shows.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The version of Finks that made it.</summary>
    public required string FinksVersion { get; init; }

    public required string Environment { get; init; }

    /// <summary>The names that the Bronze, the Silver and the Gold zone had.</summary>
    public required IReadOnlyList<string> Zones { get; init; }

    /// <summary>The newest snapshot.</summary>
    public required long Snapshot { get; init; }

    public required int Files { get; init; }

    public required long Bytes { get; init; }

    public required long CatalogBytes { get; init; }

    /// <summary>Of the catalog, a SQLite file, whose table <c>finks_backup_file</c> has size and hash of every file.</summary>
    public required string CatalogSha256 { get; init; }

    internal string ToJson() => JsonSerializer.Serialize(this, Json);

    internal static BackupManifest Parse(string text, string where)
    {
        BackupManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<BackupManifest>(text, Json);
        }
        catch (JsonException error)
        {
            throw new LakeException($"The manifest {where} is damaged: {error.Message} Use another backup.", error);
        }

        return manifest is { Format: CurrentFormat }
            ? manifest
            : throw new LakeException($"The backup {where} has the form {manifest?.Format}, this program knows {CurrentFormat}. Use the Finks that made it.");
    }
}

/// <param name="Key">In the lake.</param>
internal sealed record BackupFile(string Key, long Bytes, string Sha256);
