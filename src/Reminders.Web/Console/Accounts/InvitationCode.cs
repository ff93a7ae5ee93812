using System.Security.Cryptography;

namespace Reminders.Web.Console.Accounts;

/// <summary>What somebody types or pastes once: 24 letters and digits that cannot be taken for each other, 120 bits.</summary>
internal static class InvitationCode
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const int Length = 24;

    public static string Create() =>
        string.Join('-', RandomNumberGenerator.GetString(Letters, Length).Chunk(4).Select(four => new string(four)));

    /// <summary>As it is compared: however it was grouped, and in whichever case.</summary>
    public static string? Read(string? given)
    {
        var code = new string([.. (given ?? "").Take(100).Where(letter => letter is not ('-' or ' ')).Select(char.ToUpperInvariant)]);
        return code.Length == Length && code.All(Letters.Contains) ? code : null;
    }
}
