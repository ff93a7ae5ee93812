using System.Globalization;
using System.Net;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Inbound;
using Reminders.Kinds;
using Reminders.Web.Limits;

namespace Reminders.Web.Api;

/// <summary>
/// The page behind the link in a reminder: its question and its buttons, as they are now. Looking at it changes nothing, because
/// mail scanners and chat previews follow links; the buttons do. Whoever has the link may answer for that one message's recipient,
/// and nothing else. Plain HTML, nothing from elsewhere, and nothing that tells others where it was.
/// </summary>
internal static class AnswerPageEndpoints
{
    private const string Style =
        "body { font: 1.1rem system-ui; margin: 15vh auto; max-width: 32rem; padding: 0 1rem } p { white-space: pre-line } "
        + "form { display: inline-block; margin: .5rem .5rem 0 0 } button { font: inherit; padding: .5rem 1rem }";

    public static void MapAnswerPage(this IEndpointRouteBuilder app)
    {
        var page = app.MapGroup("/answer/{link}").ExcludeFromDescription().WithRefusalLimit().WithWorkLimit();
        page.MapMethods("", [HttpMethods.Get, HttpMethods.Head], ShowAsync);
        // Whatever is written there is an answer, or none any more, which the page says.
        page.MapPost("/{answer}", AnswerAsync);
    }

    private static async Task<IResult> ShowAsync(
        string link,
        HttpResponse response,
        AnswerPages pages,
        AnswerTexts texts,
        CancellationToken stop
    ) => Page(response, await pages.FindAsync(link, stop), $"{link}/", texts);

    private static async Task<IResult> AnswerAsync(
        string link,
        string answer,
        HttpResponse response,
        IMediator mediator,
        AnswerTexts texts,
        CancellationToken stop
    ) => Page(response, KindAnswers.IsKey(answer) ? await mediator.Send(new AnswerByLink(link, answer), stop) : null, "", texts);

    /// <param name="buttonsAt">Relative, so that it holds behind whatever path a proxy puts in front.</param>
    private static IResult Page(HttpResponse response, AnswerPage? page, string buttonsAt, AnswerTexts texts)
    {
        var headers = response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex, nofollow";
        headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        if (page is null)
        {
            var unknown = texts.Page("en", "LinkUnknown", "This link is not known, or it is over.");
            return Html("en", texts.Page("en", "LinkTitle", "Your answer"), $"<p>{Encoded(unknown)}</p>", StatusCodes.Status404NotFound);
        }
        var said = page.Said is { } told ? $"<p><strong>{Encoded(told)}</strong></p>" : "";
        var buttons = string.Concat(
            page.Buttons.Select(button =>
                $"<form method=\"post\" action=\"{Encoded(buttonsAt + button.Data)}\"><button>{Encoded(button.Label)}</button></form>"
            )
        );
        return Html(
            page.Locale,
            page.Title,
            $"{said}<p>{Encoded(page.Text)}</p>{buttons}",
            page.Over ? StatusCodes.Status410Gone : StatusCodes.Status200OK
        );
    }

    private static IResult Html(string locale, string title, string content, int status) =>
        TypedResults.Content(
            $"""
            <!DOCTYPE html>
            <html lang="{Encoded(locale)}" dir="{Direction(
                locale
            )}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex"><title>{Encoded(title)}</title><style>{Style}</style>
            </head><body>{content}</body></html>
            """,
            "text/html; charset=utf-8",
            statusCode: status
        );

    private static string Direction(string locale)
    {
        try
        {
            return CultureInfo.GetCultureInfo(locale).TextInfo.IsRightToLeft ? "rtl" : "ltr";
        }
        catch (CultureNotFoundException)
        {
            return "auto";
        }
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
