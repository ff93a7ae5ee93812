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
            ? Finding.Good("public_url_missing", "settings", "PublicUrl is set, or nothing needs it.")
            : Finding.Attention(
                "public_url_missing",
                "settings",
                $"PublicUrl is not set, so mail has no link to unsubscribe by ({string.Join(", ", mailed)}).",
                new("Set it to where people reach this service, such as https://reminders.example.com/ (environment: PublicUrl).")
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
                ? Finding.Good("api_key_missing", "keys", $"{Shown.Of(valid, "API key is", "API keys are")} valid.")
                : Finding.Attention(
                    "api_key_missing",
                    "keys",
                    "no API key is valid, so nobody calls the API, unless an app's own sign-in opens it.",
                    Fix.ByCommand("Make one for each program that calls.", "keys create booking-app --role recruiter")
                ),
            link
                ? Finding.Good("link_key_missing", "keys", "answer links are signed.")
                : Finding.Bad(
                    "link_key_missing",
                    "keys",
                    "no key signs answer links: no message with such a link can be written.",
                    Fix.BySql("Make one.", database.Names.In("INSERT INTO reminders.link_key DEFAULT VALUES;"))
                ),
            .. pseudonym
                ? []
                : (Finding[])
                    [
                        Finding.Bad(
                            "pseudonym_key_missing",
                            "keys",
                            "the key is gone that people are known by when they are erased: nobody new can be kept.",
                            new(
                                "Bring the row of reminders.pseudonym_key back from a backup; with a new one, nobody erased is known again."
                            )
                        ),
                    ],
        ];
    }
}
