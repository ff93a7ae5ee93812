using System.Net;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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
    private const string Mail = ChannelNames.Mail;

    public static void MapUnsubscribe(this IEndpointRouteBuilder app)
    {
        var page = app.MapGroup("").WithRefusalLimit().WithWorkLimit();
        page.MapGet("/unsubscribe/{code}", Ask).ExcludeFromDescription();
        page.MapPost(
                "/unsubscribe/{code}",
                (string code, IMediator mediator, CancellationToken stop) => StopAsync(Mail, code, mediator, stop)
            )
            .ExcludeFromDescription();
        page.MapPost(
                "/unsubscribe/{code}/again",
                (string code, IMediator mediator, CancellationToken stop) => AgainAsync(Mail, code, mediator, stop)
            )
            .ExcludeFromDescription();
        foreach (
            var channel in app
                .ServiceProvider.GetRequiredService<ChannelCatalog>()
                .By(ChannelNames.Mail)
                .Select(channel => channel.Name)
                .Where(name => name != Mail)
        )
        {
            page.MapGet($"/unsubscribe/{channel}/{{code}}", Ask).ExcludeFromDescription();
            page.MapPost(
                    $"/unsubscribe/{channel}/{{code}}",
                    (string code, IMediator mediator, CancellationToken stop) => StopAsync(channel, code, mediator, stop)
                )
                .ExcludeFromDescription();
            page.MapPost(
                    $"/unsubscribe/{channel}/{{code}}/again",
                    (string code, IMediator mediator, CancellationToken stop) => AgainAsync(channel, code, mediator, stop)
                )
                .ExcludeFromDescription();
        }
    }

    private static IResult Ask() => Page("Stop these e-mails?", Form("Stop them"));

    private static async Task<IResult> StopAsync(string channel, string code, IMediator mediator, CancellationToken stop) =>
        IsCode(code) && await mediator.Send(new ChangeOptOut(channel, OptedOut: true, Code: code), stop) is Outcome<OptOutChanged>.Done
            ? Page("No more e-mails will be sent to you.", Form("I want them after all", $"{WebUtility.UrlEncode(code)}/again"))
            : Unknown();

    private static async Task<IResult> AgainAsync(string channel, string code, IMediator mediator, CancellationToken stop) =>
        IsCode(code) && await mediator.Send(new ChangeOptOut(channel, OptedOut: false, Code: code), stop) is Outcome<OptOutChanged>.Done
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
