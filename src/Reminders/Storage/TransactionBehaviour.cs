using MediatR;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Reminders.Storage;

/// <summary>A request that changes something: it runs in one transaction, whole or not at all.</summary>
public interface ICommand<out TResult> : IRequest<TResult>;

/// <summary>
/// One database transaction per command. A deadlock or a serialisation failure (40P01, 40001) rolled everything back,
/// so the handler simply runs again; every other error is the caller's.
/// </summary>
internal sealed class TransactionBehaviour<TRequest, TResult>(RemindersDb db, Database database, AfterCommit afterCommit)
    : IPipelineBehavior<TRequest, TResult>
    where TRequest : IRequest<TResult>
{
    private const int MaxTries = 5;

    public async Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        if (request is not ICommand<TResult> || db.Database.CurrentTransaction is not null)
            return await next();

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
                await database.BeganAsync(db.Connection(), cancellationToken);
                var result = await next();
                await transaction.CommitAsync(cancellationToken);
                await afterCommit.RunAsync(cancellationToken);
                return result;
            }
            catch (Exception exception) when (attempt < MaxTries && RolledBackByConflict(exception))
            {
                afterCommit.Clear();
                db.ChangeTracker.Clear();
            }
        }
    }

    private static bool RolledBackByConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure }
        || exception.InnerException is { } inner && RolledBackByConflict(inner);
}
