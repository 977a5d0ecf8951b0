namespace Finks.Jinja.Tests;

public class RealMacroTests
{
    [Fact]
    public void Every_macro_file_of_the_real_dbt_parses()
    {
        var files = Directory.GetFiles(Oracle.Engine("dbt"), "*.sql", SearchOption.AllDirectories)
            .Where(file => file.Contains("/include/", StringComparison.Ordinal) && file.Contains("/macros/", StringComparison.Ordinal))
            .ToList();
        Assert.True(files.Count > 100, $"only {files.Count} macro files");
        var environment = new JinjaEnvironment();
        foreach (var name in new[] { "as_text", "as_bool", "as_native", "as_number", "is_list" })
            environment.Filters[name] = call => call.Positional[0];
        var failures = new List<string>();
        var macros = 0;
        foreach (var file in files)
        {
            try
            {
                macros += environment.Parse(File.ReadAllText(file), Path.GetFileName(file)).Macros.Count;
            }
            catch (JinjaException error)
            {
                failures.Add(error.Message);
            }
        }

        Assert.Empty(failures);
        Assert.True(macros > 400, $"only {macros} macros");
    }
}
