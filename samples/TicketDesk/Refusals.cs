using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Reminders;

namespace Samples.TicketDesk;

/// <summary>What is wrong with a request, field by field, whoever found it: the desk, the engine, or who read its JSON.</summary>
public sealed class Refusals : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        var answer = exception switch
        {
            EnteredWrongException wrong => Results.ValidationProblem(wrong.Errors.ToDictionary()),
            RemindersRefusedException { Errors.Count: > 0 } refused => Results.ValidationProblem(refused.Errors.ToDictionary()),
            BadHttpRequestException { InnerException: JsonException { Path: { Length: > 2 } path } } => Results.ValidationProblem(
                new Dictionary<string, string[]> { [path[2..]] = [$"{path[2..]} is of another type than it should be."] }
            ),
            BadHttpRequestException bad => Results.Problem(statusCode: bad.StatusCode, detail: "The body should be a JSON object."),
            NotNowException now => Results.Problem(statusCode: StatusCodes.Status409Conflict, detail: now.Message),
            _ => null,
        };
        if (answer is null)
        {
            return false;
        }

        await answer.ExecuteAsync(context);
        return true;
    }
}
