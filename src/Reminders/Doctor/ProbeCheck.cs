using System.Text.RegularExpressions;
using Reminders.Channels;
using Reminders.Words;

namespace Reminders.Doctor;

/// <summary>Asks a channel's provider by the call that its sender has for that, which sends nothing.</summary>
internal sealed partial class ProbeCheck(string channel, IChannelProbe probe) : IProviderCheck
{
    public string Provider => channel;

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var answer = await probe.ProbeAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return
        [
            answer.IsWell ? Finding.Good("token_invalid", "provider", new("found.provider_well", channel))
            : Refusals().IsMatch(answer.Detail) ? Refused(channel, answer.Detail)
            : Silent(channel, answer.Detail),
        ];
    }

    public static Finding Refused(string channel, string detail) =>
        Finding.Bad("token_invalid", "provider", new("found.provider_refuses", channel, Said(detail)), new("fix.token"));

    public static Finding Silent(string channel, string detail) =>
        Finding.Attention("provider_silent", "provider", new("found.provider_silent", channel, Said(detail)), new("fix.provider"));

    private static Sentence Said(string detail) => Reasons.Meaning(OutsideText.Clean(detail).TrimEnd('.'));

    // HTTP's, Meta's and SMTP's word for a token or a password that is none.
    [GeneratedRegex(@"\b(?:401|190|535)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Refusals();
}
