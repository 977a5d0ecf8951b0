namespace Finks.EndToEnd;

/// <summary>The published program, run as a user runs it.</summary>
internal static class FinksProgram
{
    public const string Key = "end-to-end-key";

    /// <summary>Runs <c>./finks</c> to its end.</summary>
    public static ProgramResult Run(params string[] arguments) => RunWith(new Dictionary<string, string>(), arguments);

    /// <summary>Runs <c>./finks</c> to its end with further variables in its environment.</summary>
    public static ProgramResult RunWith(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Oracle.Run(Checkout.PathOf("finks"), arguments, environment: new Dictionary<string, string>(environment) { ["FMP_API_KEY"] = Key });

    /// <summary>Runs <c>./finks</c>, which must succeed, and returns what it printed.</summary>
    public static string Output(params string[] arguments)
    {
        var result = Run(arguments);
        Assert.True(result.ExitCode == 0, $"finks {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Output}\n{result.Error}");
        return result.Output;
    }
}
