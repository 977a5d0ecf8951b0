namespace Finks.Lake;

/// <summary>What a check of the lake's files found.</summary>
/// <param name="Files">Files that were looked at.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Problems">What is wrong, with the file and what to do; empty when all is well.</param>
public sealed record LakeCheckReport(int Files, long Bytes, IReadOnlyList<string> Problems);
