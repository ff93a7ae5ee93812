using Reminders.Outbox.Operators;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Doctor;

/// <summary>How the channels stand, which of them nobody serves, and what their last rests left in doubt.</summary>
internal static class ChannelChecks
{
    /// <returns>Of channels that are open nothing but that all are.</returns>
    public static async Task<IReadOnlyList<Finding>> LookAsync(Database database, CancellationToken cancellationToken)
    {
        var channels = await ChannelBoard.ReadAsync(database.CreateCommand, [], null, queue: true, cancellationToken, Shown.Most + 1);
        var incidents = await ChannelBoard.IncidentsAsync(database.CreateCommand, all: false, cancellationToken, Shown.Most + 1);
        var unserved = await UnservedChannel.ReadAsync(database.CreateCommand, cancellationToken);
        Finding[] found = [.. unserved.Select(Of), .. Troubles(channels, incidents)];
        return found.Length > 0 ? found : [Finding.Good("channel_broken", "channel", new("found.channels_open"))];
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
                        new("found.recipients_wait", channel.Name, (long)channel.PausedRecipients.Count, channel.PausedRecipients[0].Until),
                        Fix.ByCommand(new("fix.recipient"), "channels list")
                    )
                ),
            .. incidents
                .Where(incident => incident.InDoubt > 0)
                .Select(incident =>
                    Finding.Attention(
                        "incident_in_doubt",
                        "incident",
                        new("found.incident", incident.Said),
                        Fix.ByCommand(new("fix.incident"), $"outbox resend --incident {incident.Id} --reason \"the outage\" --dry-run")
                    ) with
                    {
                        Since = incident.Since,
                    }
                ),
        ];

    private static Finding Of(UnservedChannel channel) =>
        Finding.Bad("channel_unserved", "channel", new("found.unserved", channel.Said), new("fix.unserved")) with
        {
            Since = channel.Since,
        };

    private static Finding Of(ChannelStatus channel)
    {
        var says = new Sentence("found.channel_stands", channel.Name, channel.Stands, Shown.Count(channel.Waiting));
        var finding = channel.State switch
        {
            "stopped" => Finding.Bad("channel_stopped", "channel", says, Resume(channel, new("fix.channel"))),
            "broken" => Finding.Bad("channel_broken", "channel", says, Resume(channel, new("fix.channel_broken"))),
            "resting" => Finding.Bad("channel_resting", "channel", says, Resume(channel, new("fix.channel_resting"))),
            _ => Finding.Attention("channel_waiting", "channel", says),
        };
        return finding with { Since = channel.Since };
    }

    private static Fix Resume(ChannelStatus channel, Sentence text) =>
        Fix.ByCommand(text, $"channels resume {channel.Name} --reason \"it is mended\"");
}
