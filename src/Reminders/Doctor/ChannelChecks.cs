using Reminders.Outbox.Operators;
using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>How the channels stand, and what their last rests left in doubt.</summary>
internal static class ChannelChecks
{
    /// <returns>Of channels that are open nothing but that all are.</returns>
    public static async Task<IReadOnlyList<Finding>> LookAsync(Database database, CancellationToken cancellationToken)
    {
        var channels = await ChannelBoard.ReadAsync(database.CreateCommand, [], null, queue: true, cancellationToken, Shown.Most + 1);
        var incidents = await ChannelBoard.IncidentsAsync(database.CreateCommand, all: false, cancellationToken, Shown.Most + 1);
        var found = Troubles(channels, incidents).ToArray();
        return found.Length > 0 ? found : [Finding.Good("channel_broken", "channel", "every channel is open.")];
    }

    private static IEnumerable<Finding> Troubles(IReadOnlyList<ChannelStatus> channels, IReadOnlyList<Incident> incidents) =>
        [
            .. channels.Where(channel => channel.State != ChannelStatus.Open).Select(Of),
            .. channels
                .Where(channel => channel.PausedRecipients.Count > 0)
                .Select(channel =>
                    Finding.Attention(
                        "recipient_paused",
                        "channel",
                        $"{channel.Name}: {channel.PausedRecipients.Count} "
                            + $"{(channel.PausedRecipients.Count == 1 ? "recipient waits" : "recipients wait")} by themselves, "
                            + $"the last until {Shown.At(channel.PausedRecipients[0].Until)}.",
                        Fix.ByCommand("It ends by itself; channels resume --recipient ends it at once.", "channels list")
                    )
                ),
            .. incidents
                .Where(incident => incident.InDoubt > 0)
                .Select(incident =>
                    Finding.Attention(
                        "incident_in_doubt",
                        "incident",
                        $"channel {incident.Says(Shown.Words)}.",
                        Fix.ByCommand(
                            "Did they arrive? Settle them, or resend them.",
                            $"outbox resend --incident {incident.Id} --reason \"the outage\" --dry-run"
                        )
                    ) with
                    {
                        Since = incident.Since,
                    }
                ),
        ];

    private static Finding Of(ChannelStatus channel)
    {
        var says = $"{channel.Name} {channel.Says(Shown.Words)} {Shown.Of(channel.Waiting, "message waits", "messages wait")}.";
        var finding = channel.State switch
        {
            "stopped" => Finding.Bad("channel_stopped", "channel", says, Resume(channel, "Let it go on when it may.")),
            "broken" => Finding.Bad("channel_broken", "channel", says, Resume(channel, "Mend what the provider names, then try at once.")),
            "resting" => Finding.Bad(
                "channel_resting",
                "channel",
                says,
                Resume(channel, "It goes on by itself when the provider answers.")
            ),
            _ => Finding.Attention("channel_waiting", "channel", says),
        };
        return finding with { Since = channel.Since };
    }

    private static Fix Resume(ChannelStatus channel, string text) =>
        Fix.ByCommand(text, $"channels resume {channel.Name} --reason \"it is mended\"");
}
