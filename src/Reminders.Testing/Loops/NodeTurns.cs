using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Apps;
using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Outbox;
using Reminders.Storage;
using Reminders.Testing.Post;

namespace Reminders.Testing.Loops;

/// <summary>
/// What the loops of one node do, done by hand until there is nothing left: the reconciler's steps, which need no trigger (rule 1),
/// and each channel's dispatch. Nothing runs meanwhile, so a test sees the same each time.
/// </summary>
internal sealed class NodeTurns
{
    // Each round has done something, so a test that comes here goes round in a circle.
    private const int TooMany = 10_000;

    private readonly Firing _firing;
    private readonly EventPlanner _events;
    private readonly LeaseReaper _leases;
    private readonly Database _database;
    private readonly KindCatalog _kinds;
    private readonly ChannelTurns[] _channels;
    private readonly AnswerHandlers? _answers;
    private readonly EventHandlers? _told;

    public NodeTurns(IServiceProvider services, PostOffice post)
    {
        _firing = services.GetRequiredService<Firing>();
        _events = services.GetRequiredService<EventPlanner>();
        _leases = services.GetRequiredService<LeaseReaper>();
        _database = services.GetRequiredService<Database>();
        _kinds = services.GetRequiredService<KindCatalog>();
        _answers = services.GetServices<IHostedService>().OfType<AnswerHandlers>().SingleOrDefault();
        _told = services.GetServices<IHostedService>().OfType<EventHandlers>().SingleOrDefault();
        _channels =
        [
            .. services
                .GetRequiredService<ChannelCatalog>()
                .All.Select(channel => new ChannelTurns(services, new RecordingSender(channel.Name, post))),
        ];
    }

    /// <summary>Does everything that is due, and what follows from it.</summary>
    public async Task UntilQuietAsync(CancellationToken cancellationToken)
    {
        for (var round = 0; await TurnAsync(cancellationToken); round++)
        {
            if (round == TooMany)
            {
                throw new InvalidOperationException($"After {TooMany} rounds there is still something due: a reminder leads to itself.");
            }
        }
    }

    /// <summary>The next instant that something is due at.</summary>
    /// <param name="seen">What was due by then has been looked at.</param>
    public async Task<DateTimeOffset?> NextAsync(DateTimeOffset seen, CancellationToken cancellationToken)
    {
        var impatient = _kinds.Kinds.Values.Where(kind => kind.FallBackAfter is not null).ToArray();
        await using var look = _database
            .CreateCommand(TestingStatement.Named("Loops/Sql/next-instant.sql"))
            .With(
                seen.ToUniversalTime(),
                impatient.Select(kind => kind.Name).ToArray(),
                impatient.Select(kind => kind.FallBackAfter!.Value).ToArray()
            );
        DateTimeOffset now;
        DateTimeOffset? next;
        await using (var reader = await look.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            now = reader.GetFieldValue<DateTimeOffset>(0);
            next = reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1);
        }

        foreach (var channel in _channels)
        {
            if (await channel.NextAsync(now, cancellationToken) is { } at && !(at >= next))
            {
                next = at;
            }
        }

        return next;
    }

    private async Task<bool> TurnAsync(CancellationToken cancellationToken)
    {
        await _leases.ReapAsync(cancellationToken);
        await _leases.ExpireAsync(cancellationToken);
        var any = await _leases.FallBackAsync(cancellationToken) > 0;
        while (await _events.PlanAsync(cancellationToken))
        {
            any = true;
        }

        while (_answers is not null && await _answers.TellNextAsync(cancellationToken))
        {
            any = true;
        }

        while (_told is not null && await _told.TellNextAsync(cancellationToken))
        {
            any = true;
        }

        await _firing.ResumeReachedAsync(cancellationToken);
        any |= await _firing.FireOverdueAsync(TimeSpan.Zero, cancellationToken) > 0;
        foreach (var channel in _channels)
        {
            any |= await channel.TurnAsync(cancellationToken);
        }

        return any;
    }
}
