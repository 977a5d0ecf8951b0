using Finks.Cli.Commands;

namespace Finks.Cli.Chaos;

/// <summary>The scratch lakes of one proof, one for each processor.</summary>
internal sealed class ScratchLakes
{
    private readonly string _folder;

    private ScratchLakes(string folder, IReadOnlyList<ScratchLake> all) => (_folder, All) = (folder, all);

    public IReadOnlyList<ScratchLake> All { get; }

    /// <summary>Makes them.</summary>
    /// <param name="folder">Absolute; absent or empty.</param>
    /// <param name="store">As <c>--store</c>; the buckets must not be there.</param>
    /// <param name="catalog">As <c>--catalog</c>; without a lake in any schema.</param>
    /// <exception cref="UsageException">There is something already.</exception>
    public static async Task<ScratchLakes> CreateAsync(string folder, string? store, string? catalog)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw Taken($"{folder} is not empty", "Give --home a folder that is not there, or delete this one.");
        if (catalog is not null && ScratchSchema.LakeIn(catalog) is { } schema)
            throw Taken($"The database of --catalog holds a lake already, in the schema {schema}", "Give it an empty database.");
        var lakes = Enumerable.Range(1, Math.Max(2, Environment.ProcessorCount)).Select(Number).ToList();
        foreach (var lake in lakes)
            await lake.CreateAsync();
        return new ScratchLakes(folder, lakes);

        ScratchLake Number(int n) => new(new LakeChoice(
            Path.Combine(folder, $"{n}"), ScratchLake.Environment, store is null ? null : $"{store}{n}-",
            catalog is null ? null : ScratchSchema.In(catalog, n)));
    }

    internal static UsageException Taken(string what, string whatToDo) => new($"{what}, and chaos breaks and deletes what it works on. {whatToDo}");

    /// <summary>Removes all that was made, with the folder when nothing is left in it.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<ScratchLake> except)
    {
        foreach (var lake in All.Except(except))
            await lake.RemoveAsync();
        if (except.Count == 0 && Directory.Exists(_folder))
            Directory.Delete(_folder);
    }
}
