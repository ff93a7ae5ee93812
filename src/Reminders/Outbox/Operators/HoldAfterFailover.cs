using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Commands;
using Reminders.Failover;

namespace Reminders.Outbox.Operators;

/// <summary>The operator's command, given by the engine itself: what a node that is gone may have sent is not sent again.</summary>
internal sealed class HoldAfterFailover(IServiceScopeFactory scopes) : IHolding
{
    public async Task<(long Occurrences, long Messages)> HoldAsync(DateTimeOffset until, string reason, CancellationToken cancellationToken)
    {
        var (occurrences, messages) = (0L, 0L);
        bool more;
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            var outcome = await scope
                .ServiceProvider.GetRequiredService<IMediator>()
                .Send(new HoldDue(until, DryRun: false, reason, FailOver: true), cancellationToken);
            if (outcome is not Outcome<HeldAside>.Done { Value: var held })
            {
                throw new InvalidOperationException($"What may have been sent was not held: {outcome}");
            }

            (occurrences, messages, more) = (occurrences + held.Occurrences, messages + held.Messages, held.More);
        } while (more);

        return (occurrences, messages);
    }
}
