using System.Globalization;

namespace Reminders.Nodes;

/// <summary>Whom a NOTIFY names in its payload: "17,23".</summary>
internal static class NamedRecipients
{
    /// <returns>Null for anyone: where nobody is named, or somebody who cannot be read.</returns>
    public static IReadOnlyList<long>? In(string payload)
    {
        var named = new List<long>();
        foreach (var part in payload.Split(','))
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var recipient))
            {
                return null;
            }

            named.Add(recipient);
        }

        return named;
    }
}
