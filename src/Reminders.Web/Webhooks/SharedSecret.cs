using System.Security.Cryptography;
using System.Text;

namespace Reminders.Web.Webhooks;

/// <summary>Hashed first, so that neither the comparison's time nor a difference in length tells anything.</summary>
internal static class SharedSecret
{
    public static bool IsSame(string given, string wanted) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)),
            SHA256.HashData(Encoding.UTF8.GetBytes(wanted))
        );
}
