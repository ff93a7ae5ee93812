using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Reminders.Web.Keys;

/// <summary>
/// What keys and tokens are made of: 32 random bytes, which cannot be guessed, so that a plain SHA-256 keeps them unreadable
/// at rest.
/// </summary>
internal static class RandomSecret
{
    private const int Bytes = 32;

    /// <param name="prefix">So that people and secret scanners know it when they see it.</param>
    public static string Create(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is none by its form costs no query.</summary>
    public static bool HasForm(string given, string prefix) =>
        given.Length == prefix.Length + Base64Url.GetEncodedLength(Bytes) && given.StartsWith(prefix, StringComparison.Ordinal);

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
