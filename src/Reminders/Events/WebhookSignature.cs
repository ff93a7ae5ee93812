using System.Diagnostics.Contracts;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Reminders.Events;

/// <summary>Signs as Standard Webhooks does: HMAC-SHA256 of id, timestamp and body. Pure.</summary>
[Pure]
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";

    /// <returns>Null where it is none.</returns>
    public static byte[]? KeyOf(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[Prefix.Length..], key, out var length) && length is >= 24 and <= 64
            ? key[..length]
            : null;
    }

    /// <summary>One signature for each key, so that a receiver may know the old one or the new one.</summary>
    public static string Of(IEnumerable<byte[]> keys, string id, long timestamp, byte[] body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")), .. body];
        return string.Join(' ', keys.Select(key => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}"));
    }
}
