using Reminders.Channels;

namespace Reminders.Outbox;

/// <summary>
/// A message that this node started, by what outlives the loss of its row: what it was for, and the token in its buttons. Of nearly all
/// of them nothing is kept of how they ended but that, and the provider's id.
/// </summary>
internal sealed class RememberedSend(string channel, StartedMessage message, long at)
{
    private readonly string _address = message.Address;
    private readonly string _kind = message.Kind;
    private string? _providerId;
    private Settlement? _otherwise;

    public string Channel => channel;

    /// <summary>By the node's stopwatch.</summary>
    public long At => at;

    /// <summary>Its occurrence, and no other: <see cref="StartedMessage.StableId"/>.</summary>
    public string Name { get; } = message.StableId;

    public int Epoch { get; } = message.Claim.Epoch;
    public long LeaseToken { get; } = message.Claim.Token;
    public Guid RowToken { get; } = message.RowToken;
    public int Number { get; } = message.Number;
    public int Attempts { get; } = message.Attempts;
    public DateTimeOffset StartedAt { get; } = message.StartedAt;
    public string[] Parts { get; } = message.Parts;

    /// <summary>Whether its outcome is known.</summary>
    public bool IsOver { get; private set; }

    public bool IsDoubtful => _otherwise?.State == MessageState.Uncertain;

    /// <summary>The epoch to which it was put back, and whether with its end.</summary>
    public (int Epoch, bool Over) PutBack { get; set; }

    public void End(Settlement settlement)
    {
        if (SettleStatement.IsPlain(settlement))
        {
            _providerId = settlement.ProviderMessageId;
        }
        else
        {
            _otherwise = settlement;
        }

        IsOver = true;
    }

    /// <summary>How it ended, for the row that it has now.</summary>
    public Settlement OutcomeOf(long id)
    {
        var claim = new Claim(id, LeaseToken, Epoch);
        return _otherwise is { } otherwise
            ? otherwise with
            {
                Message = otherwise.Message with { Claim = claim, RowToken = RowToken },
            }
            : new(Bare(claim), MessageState.Sent, "sent", null, _providerId, Spent: 1);
    }

    // What settling asks of it.
    private StartedMessage Bare(Claim claim) =>
        new(
            claim,
            _kind,
            DeliveryOperation.Send,
            _address,
            RowToken,
            Attempts,
            Status: "",
            Standing.Current,
            HappensAt: null,
            SubjectData: "{}",
            OccurrenceData: null,
            RecipientName: "",
            Locale: "",
            Zone: "",
            TargetProviderId: null,
            StartedAt,
            ThrottledAlone: false,
            Timeout.InfiniteTimeSpan,
            UnsubscribeCode: "",
            Name
        );
}
