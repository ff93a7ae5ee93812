using System.Globalization;
using MediatR;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Commands;

/// <summary>A request that changes something: it runs in one transaction, whole or not at all.</summary>
public interface ICommand<out TResult> : IRequest<TResult>;

/// <summary>
/// One database transaction per command. A deadlock or a serialisation failure (40P01, 40001) rolled everything back,
/// so the handler simply runs again; every other error is the caller's.
/// </summary>
internal sealed class TransactionBehaviour<TRequest, TResult>(CommandTransaction transaction, AfterCommit afterCommit, Caller caller)
    : IPipelineBehavior<TRequest, TResult>
    where TRequest : IRequest<TResult>
{
    private const int MaxTries = 5;

    public async Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        if (request is not ICommand<TResult> || transaction.IsOpen)
        {
            return await next();
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var result = await transaction.RunAsync(
                    async () =>
                    {
                        await BoundWaitsAsync(cancellationToken);
                        return await next();
                    },
                    cancellationToken
                );
                await afterCommit.RunAsync(cancellationToken);
                return result;
            }
            catch (Exception exception) when (attempt < MaxTries && RolledBackByConflict(exception))
            {
                afterCommit.Clear();
            }
        }
    }

    /// <summary>A caller who waits is told to come back (55P03) before their connection is missed elsewhere; a worker has time.</summary>
    private async Task BoundWaitsAsync(CancellationToken cancellationToken)
    {
        if (caller.LockPatience is not { } patience)
        {
            return;
        }

        await using var bound = transaction.Command(
            string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {(long)patience.TotalMilliseconds}")
        );
        await bound.ExecuteNonQueryAsync(cancellationToken);
    }

    private static bool RolledBackByConflict(Exception exception) =>
        Faults.Answer(exception)?.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;
}
