using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Web.Problems;

/// <summary>What an exception tells a caller: never more than they can act on. The log has the rest.</summary>
internal sealed class ExceptionsAsProblems(DatabaseTrouble trouble) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        trouble.Heard(exception);
        var fault = Faults.Of(exception);
        (int, Sentence) answer = exception switch
        {
            BadHttpRequestException bad => (bad.StatusCode, new("reason.said", bad.Message)),
            _ when fault == Fault.ReadOnly => (StatusCodes.Status503ServiceUnavailable, new("problem.read_only")),
            // Its row stayed locked for all of Api:Patience, or it lost a deadlock each time.
            _ when fault == Fault.Contention => (StatusCodes.Status503ServiceUnavailable, new("problem.contention")),
            _ when fault == Fault.SharedSession => (StatusCodes.Status503ServiceUnavailable, new("problem.shared_session")),
            _ when Faults.IsEnded(exception) => (StatusCodes.Status503ServiceUnavailable, new("problem.took_too_long")),
            _ when Faults.IsOtherSchema(exception) => (StatusCodes.Status503ServiceUnavailable, new("problem.other_schema")),
            // Npgsql's time-out while connecting can surface as a cancellation that nobody asked for.
            _ when Faults.IsOutage(exception) => (StatusCodes.Status503ServiceUnavailable, new("problem.no_answer")),
            _ => (StatusCodes.Status500InternalServerError, new("problem.bug")),
        };
        var (status, said) = answer;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = fault == Fault.Contention ? "1" : "5";
        }

        context.Response.StatusCode = status;
        await new ProblemResult(status, said) { TraceId = TraceId(context) }.ExecuteAsync(context);
        return true;
    }

    /// <summary>A limit of ours that the request met: of a wait, or of a read.</summary>
    public static bool IsBound(Exception exception) =>
        Faults.Answer(exception)?.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled;

    private static string TraceId(HttpContext context) => System.Diagnostics.Activity.Current?.Id ?? context.TraceIdentifier;
}
