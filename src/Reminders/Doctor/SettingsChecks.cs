using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>Whether somebody besides API keys opens the API here: the sign-in of the app that the engine is in.</summary>
internal sealed record StaffSignIn(bool IsTheApps);

/// <summary>What works without being there, and not as anybody wants it: where this service is reached, and the keys.</summary>
internal static class SettingsChecks
{
    /// <summary>As this process is set.</summary>
    public static Finding PublicUrl(RemindersOptions options, KindCatalog kinds)
    {
        var mailed = kinds
            .Kinds.Values.Where(kind => kind.Channels.Any(channel => kinds.Channels.Of(channel).Provider == ChannelNames.Mail))
            .Select(kind => kind.Name)
            .ToArray();
        return options.PublicUrl is not null || mailed.Length == 0
            ? Finding.Good("public_url_missing", "settings", new("found.public_url_there"))
            : Finding.Attention(
                "public_url_missing",
                "settings",
                new("found.public_url_missing", string.Join(", ", mailed)),
                new("fix.public_url")
            );
    }

    public static async Task<IReadOnlyList<Finding>> KeysAsync(Database database, bool signsInBesides, CancellationToken cancellationToken)
    {
        var (valid, link, pseudonym) = (
            await database.ReadAsync(
                """
                SELECT (SELECT count(*) FROM reminders.api_key WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())),
                       EXISTS (SELECT FROM reminders.link_key WHERE retired_at IS NULL), EXISTS (SELECT FROM reminders.pseudonym_key)
                """,
                reader => (reader.GetInt64(0), reader.GetBoolean(1), reader.GetBoolean(2)),
                cancellationToken
            )
        )[0];
        return
        [
            valid > 0 || signsInBesides
                ? Finding.Good("api_key_missing", "keys", new("found.keys_valid", Shown.Count(valid)))
                : Finding.Attention(
                    "api_key_missing",
                    "keys",
                    new("found.keys_missing"),
                    Fix.ByCommand(new("fix.api_key"), "keys create booking-app --role recruiter")
                ),
            link
                ? Finding.Good("link_key_missing", "keys", new("found.link_key_there"))
                : Finding.Bad(
                    "link_key_missing",
                    "keys",
                    new("found.link_key_missing"),
                    Fix.BySql(new("fix.link_key"), database.Names.In("INSERT INTO reminders.link_key DEFAULT VALUES;"))
                ),
            .. pseudonym
                ? []
                : (Finding[])[Finding.Bad("pseudonym_key_missing", "keys", new("found.pseudonym_key_missing"), new("fix.pseudonym_key"))],
        ];
    }
}
