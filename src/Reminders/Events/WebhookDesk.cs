using MediatR;
using Reminders.Commands;

namespace Reminders.Events;

/// <summary>Events that the webhook's receiver, or the app's handler, never took are told once more, each as if it were new.</summary>
public sealed record RetryEvents : ICommand<Outcome<EventsChanged>>;

/// <summary>The receiver that said it was gone is there again.</summary>
public sealed record ResumeWebhook : ICommand<Outcome<EventsChanged>>;

/// <summary>
/// No events any more: the webhook was taken out of the settings of every node. What was not delivered is forgotten, and so is what was
/// for handlers of the app's that are gone for a quarter of an hour.
/// </summary>
public sealed record EndEvents : ICommand<Outcome<EventsChanged>>;

/// <param name="Count">How many events, or receivers, there were.</param>
public sealed record EventsChanged(long Count);

internal sealed class RetryEventsHandler(CommandTransaction db) : IRequestHandler<RetryEvents, Outcome<EventsChanged>>
{
    public async Task<Outcome<EventsChanged>> Handle(RetryEvents request, CancellationToken cancellationToken)
    {
        var count = 0L;
        foreach (var waiting in (string[])["webhook_event", "app_event"])
        {
            await using var retry = db.Command(
                $"UPDATE reminders.{waiting} SET died_at = NULL, attempts = 0, due_at = clock_timestamp() WHERE died_at IS NOT NULL"
            );
            count += await retry.ExecuteNonQueryAsync(cancellationToken);
        }

        return new Outcome<EventsChanged>.Done(new(count), count > 0);
    }
}

internal sealed class ResumeWebhookHandler(CommandTransaction db) : IRequestHandler<ResumeWebhook, Outcome<EventsChanged>>
{
    public async Task<Outcome<EventsChanged>> Handle(ResumeWebhook request, CancellationToken cancellationToken)
    {
        await using var resume = db.Command("UPDATE reminders.webhook SET gone_at = NULL, gone_endpoint = NULL WHERE gone_at IS NOT NULL");
        var count = await resume.ExecuteNonQueryAsync(cancellationToken);
        return new Outcome<EventsChanged>.Done(new(count), count > 0);
    }
}

internal sealed class EndEventsHandler(CommandTransaction db) : IRequestHandler<EndEvents, Outcome<EventsChanged>>
{
    public async Task<Outcome<EventsChanged>> Handle(EndEvents request, CancellationToken cancellationToken)
    {
        // A node with handlers says so every five minutes.
        await using (
            var gone = db.Command("DELETE FROM reminders.app_listening WHERE wanted_at <= clock_timestamp() - interval '15 minutes'")
        )
        {
            await gone.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var end = db.Command("SELECT reminders.want_no_events()");
        var count = (long)(await end.ExecuteScalarAsync(cancellationToken))!;
        return new Outcome<EventsChanged>.Done(new(count), count > 0);
    }
}
