using Microsoft.Extensions.DependencyInjection;
using Reminders.Outbox;
using Reminders.Storage;
using Reminders.Testing.Post;

namespace Reminders.Testing.Loops;

/// <summary>
/// A dispatcher that is turned by hand: claims, starts, sends and settles one channel's messages by the engine's own statements, one
/// message at a time.
/// </summary>
internal sealed class ChannelTurns(IServiceProvider services, RecordingSender sender)
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);

    private readonly OutboxStore _store = services.GetRequiredService<OutboxStore>();
    private readonly ChannelRest _rest = services.GetRequiredService<ChannelRest>();
    private readonly Database _database = services.GetRequiredService<Database>();
    private readonly TimeProvider _time = services.GetRequiredService<TimeProvider>();
    private readonly Deliverer _deliverer = ActivatorUtilities.CreateInstance<Deliverer>(services, sender);
    private readonly int _batch = services.GetRequiredService<OutboxOptions>().BatchSize;
    private DateTimeOffset? _expected;
    private TimeSpan _resting;

    /// <returns>Whether there was anything.</returns>
    public async Task<bool> TurnAsync(CancellationToken cancellationToken)
    {
        await _rest.ProbeAsync(sender, cancellationToken);
        var claims = await _store.ClaimAsync(sender.Channel, _batch, cancellationToken);
        List<Settlement> settlements = [];
        var any = claims.Count > 0;
        while (claims.Count > 0 || settlements.Count > 0)
        {
            var exchange = await _store.SettleAndStartAsync(sender.Channel, settlements, claims, cancellationToken);
            var envelopes = await EnvelopesAsync(exchange.Started, cancellationToken);
            settlements.Clear();
            foreach (var message in exchange.Started)
            {
                sender.For = envelopes[message.Claim.Id];
                settlements.Add(await _deliverer.DeliverAsync(message, _time.GetTimestamp()));
                sender.Record(_time.GetUtcNow());
            }

            claims = exchange.Waiting;
            if (claims.Count > 0 && settlements.Count == 0)
            {
                await Task.Delay(exchange.Wait + TimeSpan.FromMilliseconds(1), _time, cancellationToken);
            }
        }

        if (any)
        {
            _resting = TimeSpan.Zero;
        }

        return any;
    }

    /// <summary>When the channel is worth another turn; null when nothing waits.</summary>
    /// <param name="now">The database's time.</param>
    public async Task<DateTimeOffset?> NextAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await _store.NextDueAsync(sender.Channel, [], cancellationToken)).Wait is not { } wait)
        {
            return _expected = null;
        }

        // A turn that was expected to find something and did not: the channel is paused by a person, or tried by another node. It
        // is looked at again, but less and less often, or a day would be thousands of looks.
        if (_expected <= now)
        {
            _resting = _resting == TimeSpan.Zero ? ShortestRest : _resting * 2;
            _resting = _resting < LongestRest ? _resting : LongestRest;
        }

        return _expected = now + (wait > _resting ? wait : _resting);
    }

    private async Task<IReadOnlyDictionary<long, Envelope>> EnvelopesAsync(
        IReadOnlyList<StartedMessage> messages,
        CancellationToken cancellationToken
    )
    {
        var envelopes = new Dictionary<long, Envelope>();
        if (messages.Count == 0)
        {
            return envelopes;
        }

        await using var look = _database
            .CreateCommand(
                """
                SELECT m.id, m.kind, r.reference, r.name, s.key
                FROM reminders.outbox m JOIN reminders.occurrence o ON o.id = m.occurrence_id
                JOIN reminders.subject s ON s.id = o.subject_id JOIN reminders.recipient r ON r.id = m.recipient_id
                WHERE m.id = ANY ($1)
                """
            )
            .With(messages.Select(message => message.Claim.Id).ToArray());
        await using var reader = await look.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            envelopes[reader.GetInt64(0)] = new(reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4));
        }

        return envelopes;
    }
}
