using System.Net;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.People;
using Reminders.Web.Limits;

namespace Reminders.Web.Api;

/// <summary>
/// The link in every mail. Looking at it changes nothing, because mail scanners follow links; the button on the page, and the
/// one-click POST that mail programs send (RFC 8058), do. Whoever has the link may use it: it opens nothing else.
/// </summary>
internal static class UnsubscribePage
{
    public static void MapUnsubscribe(this IEndpointRouteBuilder app)
    {
        var page = app.MapGroup("").WithRefusalLimit().WithWorkLimit();
        page.MapGet("/unsubscribe/{code}", () => Page("Stop these e-mails?", Form("Stop them"))).ExcludeFromDescription();
        page.MapPost("/unsubscribe/{code}", StopAsync).ExcludeFromDescription();
        page.MapPost("/unsubscribe/{code}/again", AgainAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> StopAsync(string code, IMediator mediator, CancellationToken stop) =>
        IsCode(code)
        && await mediator.Send(new ChangeOptOut(ChannelNames.Mail, OptedOut: true, Code: code), stop) is Outcome<OptOutChanged>.Done
            ? Page("No more e-mails will be sent to you.", Form("I want them after all", $"{WebUtility.UrlEncode(code)}/again"))
            : Unknown();

    private static async Task<IResult> AgainAsync(string code, IMediator mediator, CancellationToken stop) =>
        IsCode(code)
        && await mediator.Send(new ChangeOptOut(ChannelNames.Mail, OptedOut: false, Code: code), stop) is Outcome<OptOutChanged>.Done
            ? Page("You will get e-mails again.", "")
            : Unknown();

    private static bool IsCode(string code) => code.Length <= 64 && code.All(char.IsAsciiLetterOrDigit);

    private static IResult Unknown() => Page("This link is not known.", "", StatusCodes.Status404NotFound);

    private static string Form(string label, string action = "") =>
        $"<form method=\"post\" action=\"{action}\"><button>{label}</button></form>";

    private static IResult Page(string title, string content, int status = StatusCodes.Status200OK) =>
        TypedResults.Content(
            $$"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex"><title>{{title}}</title>
            <style>body { font: 1.1rem system-ui; margin: 20vh auto; max-width: 30rem; padding: 0 1rem } button { font: inherit; padding: .5rem 1rem }</style>
            </head><body><h1>{{title}}</h1>{{content}}</body></html>
            """,
            "text/html; charset=utf-8",
            statusCode: status
        );
}
