using System.Globalization;
using MediatR;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Outbox;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.WhatsApp;

/// <summary>
/// WhatsApp says what became of a message. It may say so before the reply to the send, instead of it, several times and in any
/// order; each statement here looks at the message as it then is, so that only the first to tell something new does anything.
/// </summary>
/// <param name="Channel">Of the number that it was sent from.</param>
internal sealed record RecordStatus(string Channel, WhatsAppUpdate.Status Status) : ICommand<string>;

internal sealed class RecordStatusHandler(
    CommandTransaction db,
    KindCatalog kinds,
    OutboxOptions options,
    Signals signals,
    AfterCommit afterCommit
) : IRequestHandler<RecordStatus, string>
{
    public async Task<string> Handle(RecordStatus request, CancellationToken cancellationToken)
    {
        var status = request.Status;
        if (await FindAsync(request.Channel, status, cancellationToken) is not { } message)
        {
            return $"{status.Kind}: no message of ours";
        }

        if (status.ProvesDelivery)
        {
            return await DeliveryProof.RecordAsync(
                db,
                message.Id,
                status.MessageId,
                Reasons.Of("provider_says", "WhatsApp", status.Kind),
                cancellationToken
            )
                ? $"{status.Kind}: proved message {message.Id} delivered"
                : $"{status.Kind}: nothing new of message {message.Id}";
        }
        return status.Kind == "failed"
            ? await FailAsync(request.Channel, message, status, cancellationToken)
            : $"{status.Kind}: nothing to do";
    }

    private sealed record SentMessage(long Id, string Kind);

    // By our own name for it: it is there even when the reply to the send never came. Another program that sends from the same
    // number may give names too, so an id that is known has to agree.
    private async Task<SentMessage?> FindAsync(string channel, WhatsAppUpdate.Status status, CancellationToken cancellationToken)
    {
        if (!long.TryParse(status.Reference, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        await using var find = db.Command(
                """
                SELECT id, kind FROM reminders.outbox
                WHERE id = $1 AND channel = $3 AND operation = 'send' AND coalesce(provider_message_id, $2) = $2
                """
            )
            .With(id, status.MessageId, channel);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetInt64(0), reader.GetString(1)) : null;
    }

    /// <summary>It was accepted and did not arrive after all: the next number, the next channel, or a word to the recruiter.</summary>
    private async Task<string> FailAsync(
        string channel,
        SentMessage message,
        WhatsAppUpdate.Status status,
        CancellationToken cancellationToken
    )
    {
        var error = status.Error ?? new GraphError(-1, "no reason given");
        var verdict = WhatsAppErrors.Decide(error) ?? new SendResult.Rejected($"{error}");
        var wait = verdict switch
        {
            SendResult.Throttled throttled => throttled.Delay,
            SendResult.NotDelivered or SendResult.ChannelBroken => options.RetryCap < WhatsAppErrors.AccountWait
                ? options.RetryCap
                : WhatsAppErrors.AccountWait,
            _ => (TimeSpan?)null,
        };
        await using var fail = db.Command(Statement.Named("Inbound/Sql/failed-later.sql"))
            .With(
                message.Id,
                status.MessageId,
                Reasons.Of("failed_later", "WhatsApp", error),
                verdict is SendResult.Unreachable,
                wait is not null,
                wait ?? TimeSpan.Zero,
                options.MaxAttempts,
                channel
            );
        if (await fail.ExecuteScalarAsync(cancellationToken) is not bool resent)
        {
            return $"failed: nothing new of message {message.Id}";
        }

        afterCommit.Add(_ =>
        {
            signals.OutboxWritten();
            signals.Due.Set();
            return Task.CompletedTask;
        });
        if (resent)
        {
            return $"failed: message {message.Id} is sent again";
        }

        if (kinds.Find(message.Kind) is { Channels.Count: > 1 } kind && await FallOverAsync(message.Id, kind, cancellationToken))
        {
            return $"failed: message {message.Id} goes over the next channel";
        }

        await TellSkippedAsync(message.Id, cancellationToken);
        return $"failed: message {message.Id} is dead";
    }

    private async Task<bool> FallOverAsync(long messageId, KindDefinition kind, CancellationToken cancellationToken)
    {
        await using var fallOver = db.Command(Statement.Named("Inbound/Sql/fall-over.sql"))
            .With(messageId, string.Join(',', kind.Channels));
        await using var reader = await fallOver.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }

    private async Task TellSkippedAsync(long messageId, CancellationToken cancellationToken)
    {
        await using var tell = db.Command(Statement.Named("Inbound/Sql/tell-failed-later.sql")).With(messageId);
        await tell.ExecuteNonQueryAsync(cancellationToken);
    }
}
