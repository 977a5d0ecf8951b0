namespace Finks.Dbt;

/// <summary>Where models are built: what a dbt profile's output says.</summary>
/// <param name="Name">The target's name, e.g. <c>embedded</c>; models see it as <c>target.name</c>.</param>
/// <param name="Database">The DuckDB database (catalog) name. It must be the catalog of the connection the project runs on.</param>
/// <param name="Schema">The schema models land in unless they configure another.</param>
public sealed record DbtTarget(string Name, string Database, string Schema)
{
    /// <summary>Models see it as <c>target.profile_name</c>; null takes the project's <c>profile</c>.</summary>
    public string? ProfileName { get; init; }

    /// <summary>Models see it as <c>target.threads</c>. How many run side by side is <see cref="BuildOptions.Threads"/>.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The folder external models without a <c>location</c> are written to, relative to the project folder; dbt-duckdb's default is <c>.</c>.</summary>
    public string ExternalRoot { get; init; } = ".";
}

/// <summary>Everything outside the project folder that a project may depend on. Nothing else is read: no profiles.yml, no process environment.</summary>
public sealed record ProjectOptions(DbtTarget Target)
{
    /// <summary>Values that win over the project's <c>vars</c>, as <c>--vars</c> does. Texts may hold Jinja; they are rendered when read.</summary>
    public IReadOnlyDictionary<string, object?> Vars { get; init; } = new Dictionary<string, object?>();

    /// <summary>What <c>env_var()</c> sees.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>Receives what models say with <c>print()</c>, <c>log()</c> and <c>exceptions.warn()</c>. A text said while parsing and again while running arrives twice, as in dbt.</summary>
    public Action<string>? Messages { get; init; }
}
