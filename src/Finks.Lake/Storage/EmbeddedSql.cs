using System.Reflection;

namespace Finks.Lake.Storage;

/// <summary>SQL that stands in <c>.sql</c> files and travels in the assembly.</summary>
public static class EmbeddedSql
{
    /// <summary>The text of a resource of <paramref name="assembly"/>.</summary>
    public static string Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not embedded in {assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    internal static string Read(string name) => Read(typeof(EmbeddedSql).Assembly, name);
}
