using Reminders.Commands;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Outbox.Operators;

/// <summary>The steps that the commands on a channel have in common.</summary>
internal sealed class ChannelDesk(CommandTransaction db, Signals signals, AfterCommit afterCommit, IEnumerable<ServedChannel> served)
{
    public static WrongFields Check(string name, string? recipient, string? reason)
    {
        var errors = new FieldErrors();
        errors.Text("name", name, 32, required: true);
        errors.Text("recipient", recipient, 320, required: false);
        if (recipient is not null && string.IsNullOrWhiteSpace(recipient))
        {
            errors.Add("recipient", "wrong.empty_address");
        }

        errors.Text("reason", reason, 1000, required: true);
        return errors.All;
    }

    public static Outcome<ChannelStatus>.NotFound Unknown(string name) =>
        Outcome<ChannelStatus>.NotFound.Of("no_channel", FieldErrors.Cut(name));

    /// <summary>Locks the channel's row for the rest of the transaction; null when there is no such channel.</summary>
    public async Task<ChannelStatus?> TakeAsync(string name, CancellationToken cancellationToken)
    {
        if (await LookAsync(name, cancellationToken) is null)
        {
            return null;
        }

        await using (
            var take = db.Command(
                    """
                    INSERT INTO reminders.channel AS c (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = c.name
                    """
                )
                .With(name)
        )
        {
            await take.ExecuteNonQueryAsync(cancellationToken);
        }

        return await LookAsync(name, cancellationToken);
    }

    public async Task<ChannelStatus?> LookAsync(string name, CancellationToken cancellationToken) =>
        (await ChannelBoard.ReadAsync(db.Command, served.Select(channel => channel.Name), name, queue: true, cancellationToken))
            is [var channel]
            ? channel
            : null;

    /// <summary>Every node looks at once.</summary>
    public async Task WakeAsync(CancellationToken cancellationToken)
    {
        await using var notify = db.Command("SELECT pg_notify('reminders_outbox', ''), pg_notify('reminders_console', '')");
        await notify.ExecuteNonQueryAsync(cancellationToken);
        afterCommit.Add(_ =>
        {
            signals.OutboxWritten();
            return Task.CompletedTask;
        });
    }
}
