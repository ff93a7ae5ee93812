namespace Reminders.Events;

/// <summary>Where an app in another process hears what became of its reminders, section <c>Webhook</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Everything there is to hear of.</summary>
    internal static readonly string[] Types = ["message.sent", "message.held", "message.answered", "message.unreachable"];

    /// <summary>The receiver. Redirects are not followed. Default none: nothing is written down, and nothing is called.</summary>
    public Uri? Url { get; set; }

    /// <summary>
    /// What each call is signed with: <c>whsec_</c> and 24 to 64 bytes in base64. Two while they are changed: both signatures are sent.
    /// Secret.
    /// </summary>
    public IList<string> Secrets { get; set; } = [];

    /// <summary>
    /// Of what: <c>message.sent</c>, <c>message.held</c>, <c>message.answered</c>, <c>message.unreachable</c>. Default all of them.
    /// </summary>
    public IList<string> Events { get; set; } = [];

    /// <summary>How long a call may take, connecting and the reply included. Default 10 seconds; between 1 second and 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many calls a node makes at once. Default 8, 1 to 64. Of one subject there is one at a time.</summary>
    public int InFlight { get; set; } = 8;

    /// <summary>
    /// After how many failed tries an event is given up, until <c>events retry</c>. Default 24, which is about half a day; 1 to 100.
    /// </summary>
    public int MostAttempts { get; set; } = 24;

    internal IReadOnlyCollection<string> Wanted => Events.Count == 0 ? Types : [.. Events];

    internal IEnumerable<string> Problems()
    {
        if (Url is null)
        {
            if (Secrets.Count > 0 || Events.Count > 0)
            {
                yield return "Webhook:Url is missing, and other settings of the webhook are there: it should be where the receiver is.";
            }

            yield break;
        }

        if (!Url.IsAbsoluteUri || Url.Scheme is not ("https" or "http") || Url.UserInfo.Length > 0)
        {
            yield return "Webhook:Url must be a whole http or https URL without a user, such as https://app.example.com/reminders.";
        }

        if (Secrets.Count is < 1 or > 4)
        {
            yield return $"Webhook:Secrets has {Secrets.Count}: it must have 1, or 2 while they are changed, at most 4.";
        }

        for (var i = 0; i < Secrets.Count; i++)
        {
            if (WebhookSignature.KeyOf(Secrets[i]) is null)
            {
                // Its value is nobody's to read.
                yield return $"Webhook:Secrets:{i} is no secret: it must be whsec_ and 24 to 64 bytes in base64.";
            }
        }

        foreach (var unknown in Events.Except(Types))
        {
            yield return $"Webhook:Events has '{unknown}': there are {string.Join(", ", Types)}.";
        }

        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(1))
        {
            yield return $"Webhook:Timeout is {Timeout}: it must be between 00:00:01 and 00:01:00.";
        }

        if (InFlight is < 1 or > 64)
        {
            yield return $"Webhook:InFlight is {InFlight}: it must be between 1 and 64.";
        }

        if (MostAttempts is < 1 or > 100)
        {
            yield return $"Webhook:MostAttempts is {MostAttempts}: it must be between 1 and 100.";
        }
    }
}
