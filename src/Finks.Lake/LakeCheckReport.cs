namespace Finks.Lake;

/// <summary>What a check of files and of what is said of them found.</summary>
/// <param name="Files">Files that were looked at.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Problems">What is wrong, with the file and what to do; empty when all is well.</param>
/// <param name="Unnamed">Files of the zones that no snapshot and no register names, young ones of work under way included. They are no problem.</param>
public sealed record LakeCheckReport(int Files, long Bytes, IReadOnlyList<string> Problems, int Unnamed = 0);
