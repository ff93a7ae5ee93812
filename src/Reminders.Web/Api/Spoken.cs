using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Reminders.Words;

namespace Reminders.Web.Api;

/// <summary>
/// The language of an answer's sentences, by the request's <c>Accept-Language</c>: English, unless another that there are words in is
/// preferred. The answer says which it is, and that it would be another for somebody else.
/// </summary>
internal sealed record Spoken(Wording Words)
{
    public static ValueTask<Spoken?> BindAsync(HttpContext http)
    {
        var words = Asked(http.Request);
        http.Response.OnStarting(() =>
        {
            http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
            // A problem's sentences are English for everybody.
            http.Response.Headers.ContentLanguage =
                http.Response.StatusCode < StatusCodes.Status400BadRequest ? words.Language : Wording.English.Language;
            return Task.CompletedTask;
        });
        return new(new Spoken(words));
    }

    private static Wording Asked(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptLanguage.Where(language => language.Quality is not 0)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => Wording.Find(language.Value.Value))
            .FirstOrDefault(words => words is not null)
        ?? Wording.English;
}
