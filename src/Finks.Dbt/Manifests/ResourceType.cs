namespace Finks.Dbt;

public enum ResourceType
{
    Model,
    Seed,
    Test,
    Source,
}

/// <summary>dbt's spelling of resource types, as it stands in unique ids and selectors.</summary>
public static class ResourceTypeNames
{
    public static string DbtName(this ResourceType type) => type switch
    {
        ResourceType.Model => "model",
        ResourceType.Seed => "seed",
        ResourceType.Test => "test",
        _ => "source",
    };
}
