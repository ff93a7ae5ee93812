using Microsoft.AspNetCore.Http;
using Reminders.Commands;

namespace Reminders.Web.Problems;

/// <summary>400, with what is wrong about each field in the caller's language, and the codes and values beside it.</summary>
/// <param name="errors">As a rule <see cref="WrongFields"/>; any other are told as they are.</param>
internal sealed class WrongFieldsResult(IReadOnlyDictionary<string, string[]> errors) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => StatusCodes.Status400BadRequest;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var words = Spoken.Answering(httpContext);
        var wrong = errors as WrongFields;
        return TypedResults
            .ValidationProblem(
                wrong?.In(words) ?? errors,
                title: words.Of(new("problem.wrong_fields")),
                extensions: wrong is null ? null : [new("codes", wrong.Codes)]
            )
            .ExecuteAsync(httpContext);
    }
}
