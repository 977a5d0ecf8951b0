namespace Finks.Contracts.Reading;

/// <summary>Reads the standard's <c>classification</c> and the custom property <c>masking</c> of a column.</summary>
internal static class MaskingParser
{
    private static readonly string[] Personal = ["pii", "personal", "confidential", "restricted"];

    private static readonly string[] Open = ["public", "internal"];

    /// <summary>How the column is masked. A word that is no known classification is a problem: taken for "not personal" it would let values through.</summary>
    public static Masking Parse(MappingReader column, MappingReader custom)
    {
        var classification = column.Text("classification")?.Trim().ToLowerInvariant();
        var masking = custom.Text("masking");
        if (classification is not null && !Personal.Contains(classification) && !Open.Contains(classification))
        {
            column.Problems.Add(
                column.PlaceOf("classification"),
                $"{column.Subject} has the unknown classification '{classification}', so nobody can say whether it must be masked.",
                NearestName.Advice(classification, [.. Personal, .. Open]));
            return Masking.None;
        }

        if (classification is null || !Personal.Contains(classification))
        {
            if (masking is not null)
                column.Problems.Add(
                    custom.PlaceOf("masking"),
                    $"{column.Subject} has masking but is not classified as personal data.",
                    "Add 'classification: pii', or remove masking.");
            return Masking.None;
        }

        if (masking is null or "hash")
            return Masking.Hash;
        if (masking != "redact")
            column.Problems.Add(
                custom.PlaceOf("masking"),
                $"{column.Subject} has the unknown masking '{masking}'.",
                NearestName.Advice(masking, ["hash", "redact"]));
        return Masking.Redact;
    }

    /// <summary>Whatever tells rows apart must survive masking, and a hash has no date in it.</summary>
    public static void CheckUse(IReadOnlyList<MappingReader> read, IReadOnlyList<ContractColumn> columns)
    {
        foreach (var (reader, column) in read.Zip(columns).Where(c => c.Second is { Masking: Masking.Redact, KeyPosition: not null }))
            reader.Problems.Add(
                reader.Node,
                $"{reader.Subject} is part of the key and redacted, so that rows could not be told apart.",
                "Write 'masking: hash', or take it out of the key.");
    }

    /// <summary>Whether a rule that works on stored values may use the column.</summary>
    public static void CheckStored(MappingReader mapping, YamlDotNet.RepresentationModel.YamlNode place, string subject, ContractColumn? column, bool hashAllowed)
    {
        if (column is null or { Masking: Masking.None } || (hashAllowed && column.Masking == Masking.Hash))
            return;
        mapping.Problems.Add(
            place,
            $"{subject} names the column '{column.Name}', which is masked.",
            hashAllowed ? "Write 'masking: hash' there, or name another column." : "Name a column that is not masked.");
    }
}
