using Reminders.Channels;

namespace Reminders.Testing.Post;

/// <summary>
/// Stands for an app's sender of one channel on one node: records what it is given, and answers what the test wants. A node gives
/// it one message at a time.
/// </summary>
internal sealed class RecordingSender(string channel, PostOffice post) : ISender, IChannelProbe
{
    private readonly List<string> _parts = [];
    private Delivery? _last;
    private SendResult? _outcome;

    public string Channel => channel;

    /// <summary>Who the next message is for.</summary>
    public Envelope For { get; set; } = Envelope.Empty;

    public Task<SendResult> SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        _parts.Add(delivery.Text);
        _last = delivery;
        _outcome = post.Answer(For, delivery);
        return Task.FromResult(_outcome);
    }

    public Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(ProbeResult.Well);

    /// <summary>The message is over: what was long went in parts, and is one message to its reader.</summary>
    public void Record(DateTimeOffset at)
    {
        // What could not be rendered never came here.
        if (_last is { } delivery)
        {
            post.Record(
                new()
                {
                    Kind = For.Kind,
                    Channel = channel,
                    To = For.Reference,
                    Name = For.Name,
                    Address = delivery.Address,
                    About = For.About,
                    Text = string.Join('\n', _parts),
                    Subject = delivery.Subject,
                    Buttons = delivery.Buttons,
                    IsEdit = delivery.Operation == DeliveryOperation.Edit,
                    At = at,
                    Outcome = _outcome!,
                    ProviderMessageId = delivery.ProviderMessageId ?? (_outcome as SendResult.Sent)?.ProviderMessageId,
                }
            );
        }

        _parts.Clear();
        (_last, _outcome) = (null, null);
    }
}

/// <summary>Who a message is for, and what about, which a sender is not told.</summary>
internal sealed record Envelope(string Kind, string Reference, string Name, string About)
{
    public static Envelope Empty { get; } = new("", "", "", "");
}
