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
/// unbound the first, which changes the code. Private chats alone: in a group everybody would read the reminders and nobody
/// could answer them.
/// </summary>
internal sealed record BindChat(long ChatId, string Code) : ICommand<BindResult>;

internal enum BindResult
{
    Bound,
    UnknownCode,
    TakenByAnotherChat,
    NotPrivate,
}

internal sealed class BindChatHandler(CommandTransaction db, SubjectChanges changes, Audit audit) : IRequestHandler<BindChat, BindResult>
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
                $"""
                INSERT INTO reminders.address AS a (recipient_id, channel, address) VALUES ($1, '{TelegramChannel.Name}', $2)
                ON CONFLICT (recipient_id, channel) DO UPDATE SET state = 'reachable', reason = NULL, changed_at = clock_timestamp()
                WHERE a.address = excluded.address
                """
            )
            .With(recipientId, chat);
        var actor = string.Create(CultureInfo.InvariantCulture, $"{TelegramChannel.Name}:{request.ChatId}");
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
            new { channel = TelegramChannel.Name },
            cancellationToken
        );

        // Coming by a link is a wish to hear from us, as /start is.
        var people = await db.ChangeOptOutAsync(new(TelegramChannel.Name, OptedOut: false, chat), cancellationToken);
        await db.ResumeWaitingAsync([recipientId, .. people ?? []], cancellationToken);
        await WelcomeAsync(recipientId, cancellationToken);
        return BindResult.Bound;
    }

    // The greeting is a notification like any other: the person is the subject, and each /start is a version of it.
    private async Task WelcomeAsync(long recipientId, CancellationToken cancellationToken)
    {
        await using var subject = db.Command(
                """
                WITH person AS (
                    INSERT INTO reminders.subject AS s (type, key, status, created_by) VALUES ('person', $1::text, 'bound', 'start')
                    ON CONFLICT ON CONSTRAINT subject_identity DO UPDATE SET version = s.version + 1, changed_at = now()
                    RETURNING id),
                party AS (
                    INSERT INTO reminders.party (subject_id, role, recipient_id) SELECT id, 'self', $2 FROM person
                    ON CONFLICT DO NOTHING)
                SELECT id FROM person
                """
            )
            .With(recipientId.ToString(CultureInfo.InvariantCulture), recipientId);
        var subjectId = (long)(await subject.ExecuteScalarAsync(cancellationToken))!;
        await changes.ApplyAsync(subjectId, "bound", "start", cancellationToken);
    }
}
