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
        var fault = Faults.Of(exception);
        var (status, detail) = exception switch
        {
            BadHttpRequestException bad => (bad.StatusCode, bad.Message),
            _ when fault == Fault.ReadOnly => (
                StatusCodes.Status503ServiceUnavailable,
                "The database takes no writes just now. Nothing was changed by this request; try again with the same Idempotency-Key."
            ),
            // Its row stayed locked for all of Api:Patience, or it lost a deadlock each time.
            _ when fault == Fault.Contention => (
                StatusCodes.Status503ServiceUnavailable,
                "Another request is changing the same just now. Nothing was changed by this one; try again."
            ),
            _ when fault == Fault.SharedSession => (
                StatusCodes.Status503ServiceUnavailable,
                "This service is not set up for what stands before its database, and its log says what to change. Nothing "
                    + "was changed by this request."
            ),
            _ when Faults.IsEnded(exception) => (
                StatusCodes.Status503ServiceUnavailable,
                "The database took longer over this than Api:ReadTime allows, and it was ended there. Nothing was changed; "
                    + "ask for less at a time, or try again later."
            ),
            _ when Faults.IsOtherSchema(exception) => (
                StatusCodes.Status503ServiceUnavailable,
                "The database's schema is another than this build's: an upgrade is under way, or migrate was not run. Nothing was "
                    + "changed by this request; try again with the same Idempotency-Key. doctor says what is missing."
            ),
            // Npgsql's time-out while connecting can surface as a cancellation that nobody asked for.
            _ when Faults.IsOutage(exception) => (
                StatusCodes.Status503ServiceUnavailable,
                "The database does not answer. Nothing was changed by this request, as far as is known; try again with the "
                    + "same Idempotency-Key."
            ),
            _ => (StatusCodes.Status500InternalServerError, "Something went wrong here. It is in the log, under this traceId."),
        };
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = fault == Fault.Contention ? "1" : "5";
        }

        context.Response.StatusCode = status;
        await Results.Problem(statusCode: status, detail: detail, extensions: [new("traceId", TraceId(context))]).ExecuteAsync(context);
        return true;
    }

    /// <summary>A limit of ours that the request met: of a wait, or of a read.</summary>
    public static bool IsBound(Exception exception) =>
        Faults.Answer(exception)?.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled;

    private static string TraceId(HttpContext context) => System.Diagnostics.Activity.Current?.Id ?? context.TraceIdentifier;
}
