using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Reminders.Words;

namespace Reminders.Web.Problems;

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
            // A problem has said which.
            if (http.Response.Headers.ContentLanguage.Count == 0)
            {
                Say(http, words);
            }

            return Task.CompletedTask;
        });
        return new(new Spoken(words));
    }

    /// <summary>For an answer that is being written.</summary>
    public static Wording Answering(HttpContext http)
    {
        var words = Asked(http.Request);
        Say(http, words);
        return words;
    }

    private static void Say(HttpContext http, Wording words)
    {
        http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
        http.Response.Headers.ContentLanguage = words.Language;
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
