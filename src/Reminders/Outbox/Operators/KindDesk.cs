using Reminders.Commands;
using Reminders.Kinds;

namespace Reminders.Outbox.Operators;

/// <summary>The steps that the commands on a kind have in common.</summary>
internal sealed class KindDesk(CommandTransaction db, KindCatalog kinds, ChannelDesk channels)
{
    public static WrongFields Check(string name, string? reason)
    {
        var errors = new FieldErrors();
        errors.Text("name", name, 64, required: true);
        errors.Text("reason", reason, 1000, required: true);
        return errors.All;
    }

    public static Outcome<KindStatus>.NotFound Unknown(string name) => Outcome<KindStatus>.NotFound.Of("no_kind", FieldErrors.Cut(name));

    public async Task<KindStatus?> LookAsync(string name, CancellationToken cancellationToken) =>
        kinds.Kinds.TryGetValue(name, out var kind) ? (await KindBoard.ReadAsync(db.Command, [kind], cancellationToken))[0] : null;

    /// <summary>Every node looks at once, and it is on record.</summary>
    public async Task<Outcome<KindStatus>> DoneAsync(
        string action,
        KindStatus before,
        string? reason,
        Audit audit,
        CancellationToken cancellationToken
    )
    {
        var after = (await LookAsync(before.Name, cancellationToken))!;
        await channels.WakeAsync(cancellationToken);
        await audit.WriteAsync(action, $"kind {before.Name}", Stand(before), Stand(after), reason, cancellationToken);
        return new Outcome<KindStatus>.Done(after);
    }

    private static object Stand(KindStatus kind) =>
        new
        {
            state = kind.Since is null ? "open" : "paused",
            kind.Since,
            kind.Until,
            kind.Reason,
        };
}
