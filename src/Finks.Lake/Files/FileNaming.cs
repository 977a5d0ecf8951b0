namespace Finks.Lake;

/// <summary>Names of data files: <c>{entity}_{id}.parquet</c>.</summary>
/// <param name="Entity">What the rows are, for people who look into the folder; letters, digits, '-' and '_'.</param>
public sealed record FileNaming(string Entity, IdSource Ids)
{
    internal string Next()
    {
        if (Entity.Length == 0 || !Entity.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new LakeException($"The entity '{Entity}' cannot name files. Use letters, digits, '-' and '_' only.");
        return $"{Entity}_{Ids.Next():N}.parquet";
    }
}
