using System.Text.Json;
using MediatR;
using Reminders.Storage;

namespace Reminders.Commands;

/// <summary>The same Idempotency-Key came with another request.</summary>
public sealed class IdempotencyKeyReusedException(string key)
    : Exception($"The Idempotency-Key '{key}' was used before with a different request. Use a new key for a new request.");

/// <summary>
/// Answers a repeated request with the first one's answer. The key's row is written in the command's own transaction:
/// two requests with one key meet in its primary key, the second waits for the first to commit and then reads its answer,
/// and a crash leaves neither the effect nor the key.
/// </summary>
internal sealed class IdempotencyBehaviour<TRequest, TResult>(CommandTransaction db, Caller caller) : IPipelineBehavior<TRequest, TResult>
    where TRequest : IRequest<TResult>
{
    public async Task<TResult> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResult> next)
    {
        if (caller.IdempotencyKey is not { } key || request is not ICommand<TResult>)
        {
            return await next();
        }

        await using (
            var claim = db.Command(
                    """
                    INSERT INTO reminders.idempotency (caller, key, fingerprint) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
                    """
                )
                .With(caller.Name, key, caller.Fingerprint)
        )
        {
            if (await claim.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return await FirstAnswerAsync(key, cancellationToken);
            }
        }
        var result = await next();
        // A refusal is no effect: the caller may mend the request's surroundings and try the same key again.
        var refused = result is IOutcome { IsDone: false };
        await using var store = db.Command(
            refused
                ? "DELETE FROM reminders.idempotency WHERE caller = $1 AND key = $2"
                : "UPDATE reminders.idempotency SET response = $3::jsonb WHERE caller = $1 AND key = $2"
        );
        store.With(caller.Name, key);
        if (!refused)
        {
            store.With(JsonSerializer.Serialize(result, result!.GetType(), JsonSerializerOptions.Web));
        }

        await store.ExecuteNonQueryAsync(cancellationToken);
        return result;
    }

    private async Task<TResult> FirstAnswerAsync(string key, CancellationToken cancellationToken)
    {
        await using var read = db.Command("SELECT fingerprint, response::text FROM reminders.idempotency WHERE caller = $1 AND key = $2")
            .With(caller.Name, key);
        await using var reader = await read.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (!reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(caller.Fingerprint))
        {
            throw new IdempotencyKeyReusedException(key);
        }

        var outcome =
            typeof(TResult) is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Outcome<>)
                ? typeof(Outcome<>.Done).MakeGenericType(type.GetGenericArguments())
                : typeof(TResult);
        return (TResult)JsonSerializer.Deserialize(reader.GetString(1), outcome, JsonSerializerOptions.Web)!;
    }
}
