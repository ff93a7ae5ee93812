using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Reminders.Outbox;

/// <summary>
/// The name in a link to the page with a message's buttons: the message's own token, and a signature over it and the address it
/// was sent to. So a button's data is not enough to make a link of, and a link ends with the address: of a chat that was unbound
/// or a mailbox that was changed. What else ends it, the booking's start, its row says.
/// </summary>
internal static class AnswerLink
{
    public const string Path = "answer/";
    private const int Token = 16;

    // Half of a SHA-256: guessing it takes 2^128 tries, each of them a request.
    private const int Signature = 16;

    public static string Of(byte[] secret, Guid pressToken, string address)
    {
        Span<byte> name = stackalloc byte[Token + Signature];
        pressToken.TryWriteBytes(name, bigEndian: true, out _);
        Sign(secret, pressToken, address, name[Token..]);
        return Base64Url.EncodeToString(name);
    }

    /// <returns>The token a link claims to be for; whether it is, <see cref="IsSigned"/> says.</returns>
    public static Guid? TokenOf(string name) => Decode(name) is { } bytes ? new Guid(bytes.AsSpan(0, Token), bigEndian: true) : null;

    public static bool IsSigned(string name, IEnumerable<byte[]> secrets, Guid pressToken, string address)
    {
        if (Decode(name) is not { } bytes)
        {
            return false;
        }

        Span<byte> signature = stackalloc byte[Signature];
        foreach (var secret in secrets)
        {
            Sign(secret, pressToken, address, signature);
            if (CryptographicOperations.FixedTimeEquals(signature, bytes.AsSpan(Token)))
            {
                return true;
            }
        }
        return false;
    }

    private static byte[]? Decode(string name) =>
        name.Length == Base64Url.GetEncodedLength(Token + Signature) && Base64Url.IsValid(name) ? Base64Url.DecodeFromChars(name) : null;

    private static void Sign(byte[] secret, Guid pressToken, string address, Span<byte> signature)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"answer {pressToken:N} {address}"), whole);
        whole[..signature.Length].CopyTo(signature);
    }
}
