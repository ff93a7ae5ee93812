using MediatR;
using Npgsql;
using NpgsqlTypes;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;

namespace Reminders.People;

/// <summary>
/// A person wants no more messages on a channel, or wants them again: <c>/stop</c> and <c>/start</c> in Telegram, <c>STOP</c> and
/// <c>START</c> in WhatsApp, the unsubscribe link in mail. It holds for the address, whoever has it now or will have it later.
/// What is queued is judged by it before its first byte.
/// </summary>
/// <param name="Address">This address on the channel, known here or not; or else:</param>
/// <param name="Code">that of whoever has this unsubscribe code.</param>
public sealed record ChangeOptOut(string Channel, bool OptedOut, string? Address = null, string? Code = null)
    : ICommand<Outcome<OptOutChanged>>;

/// <param name="People">How many have this address, which the app may have given to several.</param>
public sealed record OptOutChanged(int People);

internal sealed class ChangeOptOutHandler(CommandTransaction db, SubjectChanges changes, Audit audit)
    : IRequestHandler<ChangeOptOut, Outcome<OptOutChanged>>
{
    public async Task<Outcome<OptOutChanged>> Handle(ChangeOptOut request, CancellationToken cancellationToken)
    {
        if (await db.ChangeOptOutAsync(request, cancellationToken) is not { } people)
        {
            return Outcome<OptOutChanged>.NotFound.Of("nobody_there");
        }

        foreach (var person in people)
        {
            await audit.WriteForAsync(
                request.Address is null ? $"{request.Channel}: their link" : $"{request.Channel}:{request.Address}",
                request.OptedOut ? "address.opt_out" : "address.opt_in",
                Audit.Person(person),
                null,
                new { request.Channel },
                cancellationToken
            );
        }
        if (!request.OptedOut && await db.ResumeWaitingAsync(people, cancellationToken) > 0)
        {
            changes.WakeDue();
        }

        return new Outcome<OptOutChanged>.Done(new(people.Length));
    }
}

internal static class OptOuts
{
    /// <returns>Who has the address; null when there is none that this could be about.</returns>
    public static async Task<long[]?> ChangeOptOutAsync(
        this CommandTransaction db,
        ChangeOptOut request,
        CancellationToken cancellationToken
    )
    {
        await using var change = db.Command(Change);
        change.Parameters.Add(new() { Value = request.Channel });
        AddText(change, request.Address);
        AddText(change, request.Code);
        change.Parameters.Add(new() { Value = request.OptedOut });
        await using var reader = await change.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt64(0) == 0 ? null : reader.GetFieldValue<long[]>(1);
    }

    private static readonly string Change = Statement.Named("People/Sql/change-opt-out.sql");

    private static void AddText(NpgsqlCommand command, string? value) =>
        command.Parameters.Add(new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
}
