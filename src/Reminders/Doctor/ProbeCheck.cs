using System.Text.RegularExpressions;
using Reminders.Channels;

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
            answer.IsWell ? Finding.Good("token_invalid", "provider", $"{channel} answers, and refuses nothing.")
            : Refusals().IsMatch(answer.Detail) ? Refused(channel, answer.Detail)
            : Silent(channel, answer.Detail),
        ];
    }

    public static Finding Refused(string channel, string detail) =>
        Finding.Bad(
            "token_invalid",
            "provider",
            $"{channel} refuses what this process is set to: {OutsideText.Clean(detail).TrimEnd('.')}.",
            new("Give it the present token or password; what waits is kept, and goes out then.")
        );

    public static Finding Silent(string channel, string detail) =>
        Finding.Attention(
            "provider_silent",
            "provider",
            $"{channel} does not answer as it should: {OutsideText.Clean(detail).TrimEnd('.')}.",
            new("If it is not down, is it reached from here? What waits is kept, and goes out when it answers.")
        );

    // HTTP's, Meta's and SMTP's word for a token or a password that is none.
    [GeneratedRegex(@"\b(?:401|190|535)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Refusals();
}
