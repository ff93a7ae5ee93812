using System.Security.Cryptography;
using System.Text;

namespace Reminders.Lab.Mail;

/// <summary>The server's half of SCRAM-SHA-256 (RFC 5802, 7677), without channel binding.</summary>
internal sealed class ScramExchange
{
    private const int Iterations = 4096;

    private readonly string _bare;
    private readonly string _nonce;
    private readonly byte[] _salted;

    private ScramExchange(string bare, string clientNonce, string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        (_bare, _nonce) = (bare, clientNonce + Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)));
        _salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password),
            salt,
            Iterations,
            HashAlgorithmName.SHA256,
            SHA256.HashSizeInBytes
        );
        Challenge = $"r={_nonce},s={Convert.ToBase64String(salt)},i={Iterations}";
    }

    public string Challenge { get; }

    /// <returns>Null when the client named somebody else, or wants what is not spoken here.</returns>
    public static ScramExchange? Begin(string clientFirst, string user, string password)
    {
        const string NoBinding = "n,,";
        var named = user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);
        return clientFirst.StartsWith($"{NoBinding}n={named},r=", StringComparison.Ordinal)
            ? new ScramExchange(
                clientFirst[NoBinding.Length..],
                clientFirst[(clientFirst.LastIndexOf(",r=", StringComparison.Ordinal) + 3)..],
                password
            )
            : null;
    }

    /// <returns>The server's own proof; null when the client's is wrong.</returns>
    public string? Judge(string clientFinal)
    {
        var at = clientFinal.LastIndexOf(",p=", StringComparison.Ordinal);
        if (at < 0 || clientFinal[..at] != $"c=biws,r={_nonce}")
        {
            return null;
        }

        var spoken = Encoding.UTF8.GetBytes($"{_bare},{Challenge},{clientFinal[..at]}");
        var stored = SHA256.HashData(Hmac(_salted, "Client Key"u8));
        var proof = Convert.FromBase64String(clientFinal[(at + 3)..]);
        var signature = Hmac(stored, spoken);
        return proof.Length == signature.Length && SHA256.HashData([.. proof.Zip(signature, (a, b) => (byte)(a ^ b))]).SequenceEqual(stored)
            ? $"v={Convert.ToBase64String(Hmac(Hmac(_salted, "Server Key"u8), spoken))}"
            : null;
    }

    private static byte[] Hmac(byte[] key, ReadOnlySpan<byte> text) => HMACSHA256.HashData(key, text);
}
