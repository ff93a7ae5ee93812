using Microsoft.AspNetCore.Http;
using Reminders.Words;

namespace Reminders.Web.Problems;

/// <summary>A problem in the caller's language, with the code and the values of what it says beside it.</summary>
/// <param name="said">What is wrong, or why something was not done; null where the status says all there is.</param>
internal sealed class ProblemResult(int status, Sentence? said = null) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => status;

    /// <summary>Under which the log has more.</summary>
    public string? TraceId { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var words = Spoken.Answering(httpContext).Briefly;
        var beside = new Dictionary<string, object?>();
        if (said is not null)
        {
            (beside["code"], beside["values"]) = (said.Code, said.Values);
        }

        if (TraceId is not null)
        {
            beside["traceId"] = TraceId;
        }

        return TypedResults
            .Problem(statusCode: status, title: Title(words), detail: said is null ? null : words.Of(said), extensions: beside)
            .ExecuteAsync(httpContext);
    }

    /// <summary>What the status is called; null where the framework is to say.</summary>
    private string? Title(Wording words)
    {
        var name = $"{status}";
        return words.Word("title", name) is var title && title != name ? title : null;
    }
}
