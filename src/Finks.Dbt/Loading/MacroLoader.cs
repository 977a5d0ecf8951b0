using Finks.Dbt.Project;
using Finks.Dbt.Rendering;

namespace Finks.Dbt.Loading;

/// <summary>Reads the engine's own macros, the project's macro files and its generic tests.</summary>
internal sealed class MacroLoader(ProjectEnvironment environment, ProjectFiles files)
{
    private const string BuiltIn = "BuiltIn.generic_tests.sql";

    public void Load()
    {
        Add(ReadBuiltIn(), BuiltIn, builtIn: true);
        var settings = environment.Settings;
        foreach (var file in files.Find(settings.MacroPaths, ".sql").Concat(files.Find(settings.TestPaths, ".sql").Where(IsGenericTestFile)))
        {
            // Not stripped, unlike models: only the macros count, and messages then name the file's own lines.
            var text = File.ReadAllText(file.FullPath);
            JinjaErrors.Locate(file.Path, 0, () => Add(text, file.Path, builtIn: false));
        }
    }

    private bool Add(string text, string file, bool builtIn)
    {
        environment.Macros.Add(environment.Jinja.Parse(text, file), builtIn);
        environment.ParsingMacros.Add(environment.ParsingJinja.Parse(text, file), builtIn);
        return true;
    }

    /// <summary>Files in <c>tests/generic/</c> define tests; the others under <c>tests/</c> are tests.</summary>
    public static bool IsGenericTestFile(ProjectFile file) => file.Folders.FirstOrDefault() == "generic";

    private static string ReadBuiltIn()
    {
        using var stream = typeof(MacroLoader).Assembly.GetManifestResourceStream("Finks.Dbt." + BuiltIn)
            ?? throw new InvalidOperationException($"The resource {BuiltIn} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
