namespace Finks.EndToEnd;

/// <summary>The shipped contracts, but for one rule that refuses every as-traded price of one symbol.</summary>
internal static class RefusingContracts
{
    public static void CopyTo(string folder, string symbol)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Checkout.PathOf("contracts", "fmp")))
        {
            var text = File.ReadAllText(file);
            File.WriteAllText(
                Path.Combine(folder, Path.GetFileName(file)),
                file.EndsWith("eod_price_raw.odcs.yaml", StringComparison.Ordinal) ? text.Replace(@"'^\S+$'", $@"'^(?!{symbol})\S+$'", StringComparison.Ordinal) : text);
        }
    }
}
