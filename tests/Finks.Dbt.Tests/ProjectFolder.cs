using DuckDB.NET.Data;

namespace Finks.Dbt.Tests;

/// <summary>A dbt project in a folder of its own, written for one test or copied from <c>Projects/</c>.</summary>
internal sealed class ProjectFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ProjectFolder() => Write("dbt_project.yml", "name: shop\nversion: '1.0'\nconfig-version: 2\nprofile: shop\n");

    public string Path => _folder.Path;

    public static ProjectFolder CopyOf(string name)
    {
        var copy = new ProjectFolder();
        var source = Checkout.PathOf("tests", "Finks.Dbt.Tests", "Projects", name);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            copy.Write(System.IO.Path.GetRelativePath(source, file), File.ReadAllText(file));
        return copy;
    }

    public ProjectFolder Write(string path, string text)
    {
        var file = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    public Manifest Load(params (string Name, object? Value)[] vars) => DbtProject.Load(Path, new ProjectOptions(new DbtTarget("dev", "memory", "main"))
    {
        Vars = vars.ToDictionary(var => var.Name, var => var.Value),
    });

    /// <summary>Loads and builds the project in a new in-memory database, which stays open for questions.</summary>
    public (BuildResult Result, DuckDBConnection Database) Build(BuildOptions? options = null)
    {
        var database = new DuckDBConnection("Data Source=:memory:");
        database.Open();
        return (new DbtRunner(new TickingClock()).Build(Load(), database, options ?? new BuildOptions(), cancellation: TestContext.Current.CancellationToken), database);
    }

    public void Dispose() => _folder.Dispose();
}

internal static class Questions
{
    public static object? Ask(this DuckDBConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public static IReadOnlyList<string> AskList(this DuckDBConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : reader.GetValue(i).ToString())));
        return rows;
    }
}
