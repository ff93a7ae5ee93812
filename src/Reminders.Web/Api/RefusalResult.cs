using Microsoft.AspNetCore.Http;
using Reminders.Words;

namespace Reminders.Web.Api;

/// <summary>A problem that says why something was not done, in the caller's language, with the code and the values beside it.</summary>
/// <param name="why">As <see cref="Reasons"/> has it.</param>
internal sealed class RefusalResult(int status, string why) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var (words, said) = (Spoken.Answering(httpContext).Briefly, Reasons.Meaning(why));
        return TypedResults
            .Problem(statusCode: status, detail: words.Of(said), extensions: [new("code", said.Code), new("values", said.Values)])
            .ExecuteAsync(httpContext);
    }
}
