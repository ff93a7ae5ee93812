using MediatR;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;
using Reminders.Words;

namespace Reminders.WhatsApp;

/// <summary>
/// Whose number a message came from. Who has a username on WhatsApp may hide the number: then it is the one that an earlier
/// message, or a press by its token, came from. Learnt from every message that tells both.
/// </summary>
/// <returns>The number; null when nobody here is known to be called that.</returns>
/// <param name="Channel">Of the number that they wrote to.</param>
internal sealed record RecogniseSender(string Channel, string? Number, string? UserId) : ICommand<string?>;

internal sealed class RecogniseSenderHandler(CommandTransaction db) : IRequestHandler<RecogniseSender, string?>
{
    public async Task<string?> Handle(RecogniseSender request, CancellationToken cancellationToken)
    {
        if (request.UserId is not { } user)
        {
            return request.Number;
        }

        if (request.Number is { } number)
        {
            await using var learn = db.Command(
                    """
                    UPDATE reminders.address SET alias = $2 WHERE key = reminders.address_key($3, $1)
                        AND alias IS DISTINCT FROM $2
                    """
                )
                .With(number, user, request.Channel);
            await learn.ExecuteNonQueryAsync(cancellationToken);
            return number;
        }
        await using var find = db.Command(
                """
                SELECT address FROM reminders.address WHERE channel = $2 AND alias = $1
                    ORDER BY changed_at DESC LIMIT 1
                """
            )
            .With(user, request.Channel);
        return (await find.ExecuteScalarAsync(cancellationToken) as string)?.TrimStart('+');
    }
}

/// <summary>
/// WhatsApp says that a person has another number now (<c>user_changed_number</c>): everybody who had the old one has the new one,
/// and who wanted to hear nothing there hears nothing here. The old number keeps its opt-out too; a stranger who is given it and
/// wants to hear from us says so. Again, it changes nothing.
/// </summary>
/// <param name="Channel">Of the number that was told.</param>
internal sealed record ChangeNumber(string Channel, string From, string To) : ICommand<int>;

internal sealed class ChangeNumberHandler(CommandTransaction db, SubjectChanges changes, Audit audit) : IRequestHandler<ChangeNumber, int>
{
    public async Task<int> Handle(ChangeNumber request, CancellationToken cancellationToken)
    {
        await using (
            var inherit = db.Command(
                    """
                    INSERT INTO reminders.opt_out (key, channel)
                    SELECT reminders.address_key($3, $2), $3 FROM reminders.opt_out
                        WHERE key = reminders.address_key($3, $1)
                    ON CONFLICT DO NOTHING
                    """
                )
                .With(request.From, request.To, request.Channel)
        )
        {
            await inherit.ExecuteNonQueryAsync(cancellationToken);
        }

        var moved = new List<(long Id, string Reference)>();
        await using (
            var move = db.Command(WhatsAppStatement.Named("Sql/change-number.sql")).With(request.From, request.To, request.Channel)
        )
        await using (var reader = await move.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                moved.Add((reader.GetInt64(0), reader.GetString(1)));
            }
        }
        foreach (var (_, reference) in moved)
        {
            await audit.WriteAsync(
                "address.move",
                $"recipient {reference}",
                new { channel = request.Channel },
                new { channel = request.Channel },
                Reasons.Of("number_changed", "WhatsApp"),
                cancellationToken
            );
        }
        if (moved.Count > 0 && await db.ResumeWaitingAsync([.. moved.Select(person => person.Id)], cancellationToken) > 0)
        {
            changes.WakeDue();
        }

        return moved.Count;
    }
}
