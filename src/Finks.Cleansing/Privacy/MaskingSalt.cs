using Finks.Contracts;
using Finks.Lake;

namespace Finks.Cleansing.Privacy;

/// <summary>Sees to it that one lake hashes with one salt for ever. The lake keeps the fingerprint, never the salt.</summary>
public static class MaskingSalt
{
    private const string Stored = "masking_salt_fingerprint";

    /// <summary>Checks, before anything is read or written, that all that must be hashed can be, and returns the key.</summary>
    /// <exception cref="MaskingException">There is no salt, or it is not the one that the lake was filled with.</exception>
    public static MaskingKey? Required(IReadOnlyList<Contract> contracts, MaskingKey? key, DataLake lake)
    {
        var hashing = contracts.Where(Hashes).ToList();
        if (hashing.Count == 0)
            return key;
        if (key is null)
            throw new MaskingException(
                $"{string.Join("; ", hashing.Select(Describe))}: the contract says to hash personal data, and there is no salt, so nothing was read or written.\n"
                + $"Set {MaskingKey.Setting} to a secret of at least {MaskingKey.ShortestSalt} characters, the same for every run in the environment '{lake.Paths.Environment}' "
                + "(`openssl rand -hex 32` makes one), then run the command again; or write 'masking: redact' in the contract.");
        Compare(lake.Database.Read(Fingerprint), key, lake.Paths.Environment);
        return key;
    }

    /// <summary>Binds the lake to the salt, in the transaction that makes the first hashes visible.</summary>
    /// <exception cref="MaskingException">Another process has bound it to another salt meanwhile.</exception>
    internal static void Bind(LedgerTransaction tx, IReadOnlyList<Contract> contracts, MaskingKey? key, string environment)
    {
        if (key is null || !contracts.Any(Hashes))
            return;
        Compare(Fingerprint(tx), key, environment);
        tx.Execute("insert into finks_setting (name, value) values (@name, @value) on conflict do nothing", ("name", Stored), ("value", key.Fingerprint));
    }

    private static bool Hashes(Contract contract) => contract.Columns.Any(c => c.Masking == Masking.Hash);

    private static string Describe(Contract contract) =>
        $"{contract.Dataset} ({string.Join(", ", contract.Columns.Where(c => c.Masking == Masking.Hash).Select(c => c.Name))}; {contract.File})";

    private static string? Fingerprint(LedgerReader reader) => reader.Scalar<string>("select value from finks_setting where name = @name", ("name", Stored));

    private static void Compare(string? stored, MaskingKey key, string environment)
    {
        if (stored is null || stored == key.Fingerprint)
            return;
        throw new MaskingException(
            $"{MaskingKey.Setting} is not the salt that this lake was filled with, so nothing was written: equal values would get other hashes, "
            + "joins would miss them, and every known row would look restated.\n"
            + $"Set the salt of the environment '{environment}' again; its fingerprint starts with {stored[..12]}, the present one's with {key.Fingerprint[..12]}. "
            + "To change it for good, make a new lake (another --home) from the replies.");
    }
}
