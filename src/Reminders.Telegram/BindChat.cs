using System.Globalization;
using MediatR;
using Reminders.Commands;
using Reminders.People;
using Reminders.Storage;
using Reminders.Subjects;
using Reminders.Words;

namespace Reminders.Telegram;

/// <summary>
/// Somebody opened the bot by a start link: the chat they write from becomes the person's address. The first chat to use
/// a code keeps it, so a forwarded link cannot take a candidate's reminders away; another gets it only after somebody has
/// unbound the first, which changes the code. That holds for all bots together, to which a person is the same chat: a link that bound a
/// chat at one of them binds no other at the next. Private chats alone: in a group everybody would read the reminders and nobody
/// could answer them.
/// </summary>
/// <param name="Channel">The bot's.</param>
internal sealed record BindChat(long ChatId, string Code, string Channel = TelegramChannel.Name) : ICommand<BindResult>;

internal enum BindResult
{
    Bound,
    UnknownCode,
    TakenByAnotherChat,
    NotPrivate,
}

internal sealed class BindChatHandler(CommandTransaction db, ChannelCatalog channels, SubjectChanges changes, Audit audit)
    : IRequestHandler<BindChat, BindResult>
{
    public async Task<BindResult> Handle(BindChat request, CancellationToken cancellationToken)
    {
        // People's chats have positive ids, groups and channels negative ones.
        if (request.ChatId <= 0)
        {
            return BindResult.NotPrivate;
        }
        // Locked, so that a code that is being renewed is either used before it or not at all.
        await using var find = db.Command("SELECT id FROM reminders.recipient WHERE start_code = $1 FOR NO KEY UPDATE").With(request.Code);
        if (await find.ExecuteScalarAsync(cancellationToken) is not long recipientId)
        {
            return BindResult.UnknownCode;
        }

        var chat = request.ChatId.ToString(CultureInfo.InvariantCulture);
        await using var bind = db.Command(
                """
                INSERT INTO reminders.address AS a (recipient_id, channel, address)
                SELECT $1, $3, $2 WHERE NOT EXISTS (
                    SELECT FROM reminders.address other
                    WHERE other.recipient_id = $1 AND other.channel = ANY ($4) AND other.address <> $2)
                ON CONFLICT (recipient_id, channel) DO UPDATE SET state = 'reachable', reason = NULL, changed_at = clock_timestamp()
                WHERE a.address = excluded.address
                """
            )
            .With(recipientId, chat, request.Channel, channels.By(TelegramChannel.Name).Select(bot => bot.Name).ToArray());
        var actor = string.Create(CultureInfo.InvariantCulture, $"{request.Channel}:{request.ChatId}");
        if (await bind.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            await audit.WriteForAsync(
                actor,
                "address.bind",
                Audit.Person(recipientId),
                null,
                null,
                cancellationToken,
                Reasons.Of("other_chat")
            );
            return BindResult.TakenByAnotherChat;
        }
        await audit.WriteForAsync(
            actor,
            "address.bind",
            Audit.Person(recipientId),
            null,
            new { channel = request.Channel },
            cancellationToken
        );

        // Coming by a link is a wish to hear from us, as /start is.
        var people = await db.ChangeOptOutAsync(new(request.Channel, OptedOut: false, chat), cancellationToken);
        await db.ResumeWaitingAsync([recipientId, .. people ?? []], cancellationToken);
        await WelcomeAsync(request.Channel, recipientId, cancellationToken);
        return BindResult.Bound;
    }

    // The greeting is a notification like any other: the person is the subject, and each /start is a version of it. A bot of several has a
    // subject and a status of its own for it: its greeting is not the other bots'.
    private async Task WelcomeAsync(string channel, long recipientId, CancellationToken cancellationToken)
    {
        var (key, status) =
            channel == TelegramChannel.Name
                ? (recipientId.ToString(CultureInfo.InvariantCulture), "bound")
                : (string.Create(CultureInfo.InvariantCulture, $"{recipientId}:{channel}"), $"bound:{channel}");
        await using var subject = db.Command(
                """
                WITH person AS (
                    INSERT INTO reminders.subject AS s (type, key, status, created_by) VALUES ('person', $1, $3, 'start')
                    ON CONFLICT ON CONSTRAINT subject_identity DO UPDATE SET version = s.version + 1, changed_at = now()
                    RETURNING id),
                party AS (
                    INSERT INTO reminders.party (subject_id, role, recipient_id) SELECT id, 'self', $2 FROM person
                    ON CONFLICT DO NOTHING)
                SELECT id FROM person
                """
            )
            .With(key, recipientId, status);
        var subjectId = (long)(await subject.ExecuteScalarAsync(cancellationToken))!;
        await changes.ApplyAsync(subjectId, status, "start", cancellationToken);
    }
}
