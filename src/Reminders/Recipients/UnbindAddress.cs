using MediatR;
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Storage;

namespace Reminders.Recipients;

/// <summary>
/// Takes an address away from a person: the wrong chat, a lost phone. What waits for it goes over another channel or is told to
/// the recruiter, and buttons pressed there from now on are nobody's. With a chat goes the start code, which its holder knows.
/// </summary>
public sealed record UnbindAddress(string Reference, string Channel, string? Reason = null) : ICommand<Outcome<StartCodeView>>;

/// <summary>
/// A new start code: the link given out before is worth nothing from then on. A chat that is bound stays bound; another can take
/// its place only after <see cref="UnbindAddress"/>.
/// </summary>
public sealed record RenewStartCode(string Reference, string? Reason = null) : ICommand<Outcome<StartCodeView>>;

/// <param name="StartCode">What the person sends as <c>/start CODE</c> from now on.</param>
/// <param name="StartLink">The same as a link to open; null while the bot's name is unknown.</param>
public sealed record StartCodeView(string Reference, string StartCode, string? StartLink);

internal sealed class UnbindAddressHandler(RemindersDb db, BotProfile bot, Audit audit) : IRequestHandler<UnbindAddress, Outcome<StartCodeView>>
{
    public async Task<Outcome<StartCodeView>> Handle(UnbindAddress request, CancellationToken cancellationToken)
    {
        if (StartCodes.Problems(request.Reason) is { Count: > 0 } errors)
            return new Outcome<StartCodeView>.Invalid(errors);
        if (await db.LockRecipientAsync(request.Reference, cancellationToken) is not { } person)
            return StartCodes.NoSuch(request.Reference);
        await using var unbind = db.Command("DELETE FROM reminders.address WHERE recipient_id = $1 AND channel = $2 RETURNING state")
            .With(person.Id, request.Channel);
        if (await unbind.ExecuteScalarAsync(cancellationToken) is not string state)
            return new Outcome<StartCodeView>.NotFound($"'{FieldErrors.Cut(request.Reference)}' has no address on '{FieldErrors.Cut(request.Channel)}'.");
        // The address itself is what the person may want forgotten; the line is kept for ever.
        await audit.WriteAsync(
            "address.unbind", $"recipient {request.Reference}", new { request.Channel, state }, null, request.Reason, cancellationToken);
        var code = request.Channel == "telegram" ? await db.RenewStartCodeAsync(person.Id, cancellationToken) : person.StartCode;
        return new Outcome<StartCodeView>.Done(new(request.Reference, code, bot.StartLink(code)));
    }
}

internal sealed class RenewStartCodeHandler(RemindersDb db, BotProfile bot, Audit audit) : IRequestHandler<RenewStartCode, Outcome<StartCodeView>>
{
    public async Task<Outcome<StartCodeView>> Handle(RenewStartCode request, CancellationToken cancellationToken)
    {
        if (StartCodes.Problems(request.Reason) is { Count: > 0 } errors)
            return new Outcome<StartCodeView>.Invalid(errors);
        if (await db.LockRecipientAsync(request.Reference, cancellationToken) is not { } person)
            return StartCodes.NoSuch(request.Reference);
        var code = await db.RenewStartCodeAsync(person.Id, cancellationToken);
        await audit.WriteAsync("start_code.renew", $"recipient {request.Reference}", null, null, request.Reason, cancellationToken);
        return new Outcome<StartCodeView>.Done(new(request.Reference, code, bot.StartLink(code)));
    }
}

internal static class StartCodes
{
    /// <summary>Locked as /start locks it, so that a code that is changed binds nobody any more.</summary>
    public static async Task<(long Id, string StartCode)?> LockRecipientAsync(this RemindersDb db, string reference, CancellationToken cancellationToken)
    {
        await using var find = db.Command("SELECT id, start_code FROM reminders.recipient WHERE reference = $1 FOR NO KEY UPDATE").With(reference);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt64(0), reader.GetString(1)) : null;
    }

    public static async Task<string> RenewStartCodeAsync(this RemindersDb db, long recipientId, CancellationToken cancellationToken)
    {
        await using var renew = db.Command("UPDATE reminders.recipient SET start_code = DEFAULT WHERE id = $1 RETURNING start_code").With(recipientId);
        return (string)(await renew.ExecuteScalarAsync(cancellationToken))!;
    }

    public static Outcome<StartCodeView> NoSuch(string reference) =>
        new Outcome<StartCodeView>.NotFound($"There is no recipient '{FieldErrors.Cut(reference)}'.");

    public static IReadOnlyDictionary<string, string[]> Problems(string? reason)
    {
        var errors = new FieldErrors();
        errors.Text("reason", reason, 1000, required: false);
        return errors.All;
    }
}
