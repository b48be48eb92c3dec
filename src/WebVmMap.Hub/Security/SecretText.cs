using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace WebVmMap.Hub.Security;

/// <summary>Random secrets, and what is kept of them: never more than their SHA-256.</summary>
public static class SecretText
{
    /// <summary>Fewest characters of a key that a person chose: 32 hexadecimal digits are 128 bits.</summary>
    public const int MinimumLength = 32;

    /// <summary>Most characters of a key that is worth hashing: a longer one is not one of ours.</summary>
    public const int MaximumLength = 256;

    /// <summary>A new secret of 256 random bits, safe in URLs and headers.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A new id of 128 random bits, not to be guessed: 22 letters, digits, dashes and underscores.</summary>
    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>
    /// What is stored and looked up. A plain hash is enough for a secret of 128 bits and more, and the lookup by it tells an
    /// attacker nothing by its timing.
    /// </summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public static bool FixedTimeEquals(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(left)), SHA256.HashData(Encoding.UTF8.GetBytes(right)));
}
