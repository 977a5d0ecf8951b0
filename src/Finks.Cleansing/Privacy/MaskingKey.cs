using System.Security.Cryptography;
using System.Text;

namespace Finks.Cleansing.Privacy;

/// <summary>
/// The secret with which one environment hashes personal data: HMAC-SHA-256 (RFC 2104), so that who does not know it cannot try out values.
/// Equal values have equal hashes inside the environment and others elsewhere, even where somebody set the same salt twice.
/// </summary>
public sealed class MaskingKey
{
    /// <summary>The environment variable that the command line reads the salt from; messages name it.</summary>
    public const string Setting = "FINKS_MASKING_SALT";

    /// <summary>The shortest salt, in characters: a shorter one could be found by trying.</summary>
    public const int ShortestSalt = 16;

    private readonly byte[] _key;

    private MaskingKey(byte[] key) => _key = key;

    /// <summary>Says whether two keys are the same and nothing about them: 64 hexadecimal digits.</summary>
    public string Fingerprint => Hash("finks masking fingerprint");

    /// <exception cref="MaskingException">The salt is too short.</exception>
    public static MaskingKey From(string salt, string environment)
    {
        if (salt.Length < ShortestSalt)
            throw new MaskingException(
                $"{Setting} has {salt.Length} characters, and fewer than {ShortestSalt} could be guessed. Set it to a longer secret, such as the output of `openssl rand -hex 32`.");
        return new MaskingKey(HMACSHA256.HashData(Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes("finks masking, environment " + environment)));
    }

    /// <summary>The hash of a value's text in UTF-8: 64 lower-case hexadecimal digits.</summary>
    public string Hash(string value) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(value)));

    /// <summary>Nothing, lest the key reach a log.</summary>
    public override string ToString() => nameof(MaskingKey);
}
