using MediatR;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Web.Keys;

/// <summary>Ends a key at once and for good, by whoever looks after keys.</summary>
internal sealed record RevokeKey(string Name) : ICommand<Outcome<string>>;

internal sealed class RevokeKeyHandler(CommandTransaction db, Caller caller) : IRequestHandler<RevokeKey, Outcome<string>>
{
    public async Task<Outcome<string>> Handle(RevokeKey request, CancellationToken cancellationToken)
    {
        if (!caller.Administers)
        {
            return Outcome<string>.NotFound.Of("no_key");
        }

        await using var revoke = db.Command(WebStatement.Named("Keys/Sql/revoke-key.sql")).With(request.Name, caller.Name);
        return (long)(await revoke.ExecuteScalarAsync(cancellationToken))! > 0
            ? new Outcome<string>.Done(request.Name)
            : Outcome<string>.Conflict.Of("key_not_in_force");
    }
}
