using Finks.Dbt.Loading;

namespace Finks.Dbt;

/// <summary>Reads dbt projects.</summary>
public static class DbtProject
{
    /// <summary>
    /// Reads the project in <paramref name="folder"/>: settings, macros, property files, models, seeds and tests. Nothing is run and no database is needed.
    /// </summary>
    /// <param name="folder">The folder that holds <c>dbt_project.yml</c>.</param>
    /// <param name="options">The target, variables and environment; nothing else from outside the folder is read.</param>
    /// <exception cref="DbtException">The project is wrong or uses a feature this engine lacks; the message names file, line and remedy.</exception>
    public static Manifest Load(string folder, ProjectOptions options) => new ProjectLoader(folder, options).Load();
}
