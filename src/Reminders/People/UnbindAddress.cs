using MediatR;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.People;

/// <summary>
/// Takes an address away from a person: the wrong chat, a lost phone. What waits for it goes over another channel or is told to
/// the recruiter, and buttons pressed there from now on are nobody's. With a chat goes the start code, which its holder knows.
/// </summary>
public sealed record UnbindAddress(string Reference, string Channel, string? Reason = null) : ICommand<Outcome<StartCodeView>>;

/// <summary>
/// A new start code: the link given out before is worth nothing from then on. A chat that is bound stays bound; another can take
/// its place only after <see cref="UnbindAddress"/>.
/// </summary>
/// <param name="Channel">Whose bot the link is to open, where there are several: the code is the person's for all of them.</param>
public sealed record RenewStartCode(string Reference, string? Reason = null, string Channel = ChannelNames.Chat)
    : ICommand<Outcome<StartCodeView>>;

/// <param name="StartCode">What the person sends as <c>/start CODE</c> from now on.</param>
/// <param name="StartLink">The same as a link to open; null while the bot's name is unknown.</param>
public sealed record StartCodeView(string Reference, string StartCode, string? StartLink);

internal sealed class UnbindAddressHandler(CommandTransaction db, OwnedNames names, ChannelCatalog channels, BotProfile bot, Audit audit)
    : IRequestHandler<UnbindAddress, Outcome<StartCodeView>>
{
    public async Task<Outcome<StartCodeView>> Handle(UnbindAddress request, CancellationToken cancellationToken)
    {
        var (refused, id, code) = await db.LockRecipientAsync(names, request.Reference, request.Reason, cancellationToken);
        if (refused is not null)
        {
            return refused;
        }

        await using var unbind = db.Command("DELETE FROM reminders.address WHERE recipient_id = $1 AND channel = $2 RETURNING state")
            .With(id, request.Channel);
        if (await unbind.ExecuteScalarAsync(cancellationToken) is not string state)
        {
            return Outcome<StartCodeView>.NotFound.Of("not_bound", FieldErrors.Cut(request.Channel), FieldErrors.Cut(request.Reference));
        }
        // The address itself is what the person may want forgotten; the line is kept for ever.
        await audit.WriteAsync("address.unbind", Audit.Person(id), new { request.Channel, state }, null, request.Reason, cancellationToken);
        var isBot = channels.Of(request.Channel).Provider == ChannelNames.Chat;
        if (isBot)
        {
            code = await db.RenewStartCodeAsync(id, cancellationToken);
        }

        return new Outcome<StartCodeView>.Done(
            new(request.Reference, code, isBot ? bot.StartLink(code, request.Channel) : bot.StartLink(code))
        );
    }
}

internal sealed class RenewStartCodeHandler(CommandTransaction db, OwnedNames names, BotProfile bot, Audit audit)
    : IRequestHandler<RenewStartCode, Outcome<StartCodeView>>
{
    public async Task<Outcome<StartCodeView>> Handle(RenewStartCode request, CancellationToken cancellationToken)
    {
        var (refused, id, _) = await db.LockRecipientAsync(names, request.Reference, request.Reason, cancellationToken);
        if (refused is not null)
        {
            return refused;
        }

        var renewed = await db.RenewStartCodeAsync(id, cancellationToken);
        await audit.WriteAsync("start_code.renew", Audit.Person(id), null, null, request.Reason, cancellationToken);
        return new Outcome<StartCodeView>.Done(new(request.Reference, renewed, bot.StartLink(renewed, request.Channel)));
    }
}

internal static class StartCodes
{
    /// <summary>The person and the code in force, locked as /start locks it, so that a code that is changed binds nobody any
    /// more.</summary>
    /// <returns>A refusal in place of both where the reason is wrong, or there is no one such person.</returns>
    public static async Task<(Outcome<StartCodeView>? Refused, long Id, string Code)> LockRecipientAsync(
        this CommandTransaction db,
        OwnedNames names,
        string reference,
        string? reason,
        CancellationToken cancellationToken
    )
    {
        var errors = new FieldErrors();
        errors.Text("reason", reason, 1000, required: false);
        if (errors.All is { Count: > 0 } wrong)
        {
            return (new Outcome<StartCodeView>.Invalid(wrong), 0, "");
        }

        var (named, refused) = await names.PersonAsync<StartCodeView>(reference, cancellationToken);
        if (named is { } id)
        {
            await using var find = db.Command(
                    "SELECT start_code FROM reminders.recipient WHERE id = $1 AND erased_at IS NULL FOR NO KEY UPDATE"
                )
                .With(id);
            if (await find.ExecuteScalarAsync(cancellationToken) is string code)
            {
                return (null, id, code);
            }
        }
        return (refused ?? PersonNamed.Nobody<StartCodeView>(reference), 0, "");
    }

    public static async Task<string> RenewStartCodeAsync(this CommandTransaction db, long recipientId, CancellationToken cancellationToken)
    {
        await using var renew = db.Command("UPDATE reminders.recipient SET start_code = DEFAULT WHERE id = $1 RETURNING start_code")
            .With(recipientId);
        return (string)(await renew.ExecuteScalarAsync(cancellationToken))!;
    }
}
