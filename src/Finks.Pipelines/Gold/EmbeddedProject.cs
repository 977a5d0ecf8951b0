using Finks.Dbt;

namespace Finks.Pipelines.Gold;

/// <summary>The dbt project on the target <c>embedded</c>: Finks's own engine on an in-memory DuckDB.</summary>
internal static class EmbeddedProject
{
    /// <summary>Name that DuckDB gives an in-memory database.</summary>
    private const string Database = "memory";

    /// <summary>Schema in which models are built; nothing reads it but the publishing step.</summary>
    private const string Schema = "gold_staging";

    public static Manifest Load(string folder) => DbtProject.Load(folder, new ProjectOptions(new DbtTarget("embedded", Database, Schema)));
}
