using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Web.Problems;

/// <summary>What an exception tells a caller: never more than they can act on. The log has the rest.</summary>
internal sealed class ExceptionsAsProblems(DatabaseTrouble trouble) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        trouble.Heard(exception);
        var (status, detail) = exception switch
        {
            BadHttpRequestException bad => (bad.StatusCode, bad.Message),
            _ when DatabaseTrouble.IsReadOnly(exception) => (StatusCodes.Status503ServiceUnavailable, "The database takes no writes just now. Nothing was changed by this request; try again with the same Idempotency-Key."),
            _ when IsHeld(exception) => (StatusCodes.Status503ServiceUnavailable, "Another request is changing the same just now. Nothing was changed by this one; try again."),
            _ when IsTooSlow(exception) => (StatusCodes.Status503ServiceUnavailable, "The database took longer over this than Api:ReadTime allows, and it was ended there. Nothing was changed; ask for less at a time, or try again later."),
            _ when IsOutage(exception, context.RequestAborted) => (StatusCodes.Status503ServiceUnavailable, "The database does not answer. Nothing was changed by this request, as far as is known; try again with the same Idempotency-Key."),
            _ => (StatusCodes.Status500InternalServerError, "Something went wrong here. It is in the log, under this traceId."),
        };
        if (status == StatusCodes.Status503ServiceUnavailable)
            context.Response.Headers.RetryAfter = IsHeld(exception) ? "1" : "5";
        context.Response.StatusCode = status;
        await Results.Problem(statusCode: status, detail: detail, extensions: [new("traceId", TraceId(context))]).ExecuteAsync(context);
        return true;
    }

    /// <summary>A limit of ours that the request met: of a wait, or of a read.</summary>
    public static bool IsBound(Exception exception) => IsHeld(exception) || IsTooSlow(exception);

    // 55P03: the row stayed locked for all of Api:Patience.
    private static bool IsHeld(Exception? exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } || exception?.InnerException is { } inner && IsHeld(inner);

    // 57014: the statement was ended by the server.
    private static bool IsTooSlow(Exception? exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } || exception?.InnerException is { } inner && IsTooSlow(inner);

    private static string TraceId(HttpContext context) => System.Diagnostics.Activity.Current?.Id ?? context.TraceIdentifier;

    // Npgsql's time-out while connecting can surface as a cancellation that nobody asked for.
    private static bool IsOutage(Exception exception, CancellationToken asked) =>
        DatabaseTrouble.IsOutage(exception) || IsUnasked(exception, asked);

    private static bool IsUnasked(Exception? exception, CancellationToken asked) => exception is not null
        && (exception is OperationCanceledException && !asked.IsCancellationRequested || IsUnasked(exception.InnerException, asked));
}
