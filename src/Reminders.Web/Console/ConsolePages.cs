using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Commands;
using Reminders.Web.Console.Accounts;
using Reminders.Web.Console.Assets;
using Reminders.Web.Console.Live;
using Reminders.Web.Console.Pages;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console;

/// <summary>The console's routes. A page is got, a form is posted and answered with 303, and nothing else is there.</summary>
internal static class ConsolePages
{
    /// <summary>Asks for what has changed of a page, without the frame.</summary>
    public const string PartHeader = "X-Part";

    /// <summary>The field of a form that makes a double click, or a reload, one action.</summary>
    public const string OnceField = "once";

    // With what was typed in it, see Kept; and short enough for a request's line.
    private const int LongestPath = 5000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void MapAll(IEndpointRouteBuilder app)
    {
        app.MapAssets();
        var ownAccounts = app.ServiceProvider.GetRequiredService<ConsoleMapping>().OwnAccounts;
        var open = app.MapGroup("").AllowAnonymous();
        open.AddEndpointFilter(
            async (context, next) =>
            {
                // Open to anybody; a form that somebody has is theirs all the same.
                var known = await context.HttpContext.AuthenticateAsync(ownAccounts ? SessionCookie.Scheme : HostSignIn.Scheme);
                context.HttpContext.User = known.Principal ?? context.HttpContext.User;
                return await next(context);
            }
        );
        open.AddEndpointFilter(PrepareAsync);
        open.MapLook();
        if (ownAccounts)
        {
            open.MapSignIn();
        }

        var recruiters = app.For(ConsoleRole.Recruiter);
        recruiters.MapDay();
        recruiters.MapBooking();
        recruiters.MapStartCode();
        recruiters.MapLive();
        var operators = app.For(ConsoleRole.Operator);
        operators.MapOverview();
        operators.MapMessages();
        operators.MapPauses();
        operators.MapBulk();
        operators.MapDoctor();
        operators.MapAudit();
        operators.MapFind();
        operators.MapSuppressed();
        operators.MapQuartz();
        operators.MapKinds();
        var administrators = app.For(ConsoleRole.Administrator);
        administrators.MapAccounts();
        administrators.MapKeys();
    }

    private static RouteGroupBuilder For(this IEndpointRouteBuilder app, ConsoleRole role) =>
        app.MapGroup("").RequireAuthorization(ConsoleClaims.Policy(role)).AddEndpointFilter(PrepareAsync);

    /// <summary>A page, with what it shows.</summary>
    /// <param name="entry">The menu's entry that it belongs to.</param>
    public static RazorComponentResult<TPage> Show<TPage, TModel>(
        this HttpContext http,
        string title,
        string entry,
        TModel model,
        int status = StatusCodes.Status200OK,
        string? topic = null
    )
        where TPage : IComponent
        where TModel : class
    {
        var services = http.RequestServices;
        services.GetRequiredService<Shown<TModel>>().It = model;
        var head = services.GetRequiredService<PageHead>();
        (head.Title, head.Entry, head.Topic) = (title, entry, topic);
        head.Done = http.Request.Query["done"] is [{ Length: <= 20 } done] ? done : null;
        return new() { StatusCode = status, PreventStreamingRendering = true };
    }

    /// <summary>A path of the console's, and nobody else's: the first page where it is none.</summary>
    public static string OwnPath(string? to) =>
        to is { Length: > 0 and <= LongestPath } && to[0] == '/' && !to.StartsWith("//", StringComparison.Ordinal) && !to.Contains('\\')
            ? to
            : "/";

    /// <summary>What a list is asked for, as far as it can be a name: nothing where it cannot.</summary>
    public static string Name(string? asked) => asked is { Length: > 0 and <= 64 } && !asked.Contains('\0') ? asked : "";

    /// <summary>On, after a form was taken.</summary>
    public static IResult SeeOther(this HttpContext http, string path, string? done = null) =>
        new SeeOtherResult($"{http.Request.PathBase}{path}{(done is null ? "" : $"{(path.Contains('?') ? '&' : '?')}done={done}")}");

    private static async ValueTask<object?> PrepareAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var (services, visitor) = (http.RequestServices, http.RequestServices.GetRequiredService<Visitor>());
        if (visitor.IsKnown)
        {
            var caller = services.GetRequiredService<Caller>();
            (caller.Name, caller.Recruiter, caller.Operates) = ($"console:{visitor.Name}", visitor.Recruiter, visitor.Operates);
            caller.Administers = visitor.Administers;
            caller.LockPatience = Patience;
        }

        if (HttpMethods.IsPost(http.Request.Method))
        {
            await services.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            if (form[OnceField] is [{ Length: > 0 and <= 64 } once] && visitor.IsKnown)
            {
                var caller = services.GetRequiredService<Caller>();
                (caller.IdempotencyKey, caller.Fingerprint) = (once, Fingerprint(http.Request, form));
            }
        }

        services.GetRequiredService<Kept>().Restore(http);
        visitor.PrepareForms();
        if (visitor.IsKnown)
        {
            services.GetRequiredService<PageHead>().Pauses = await services.GetRequiredService<PausesNow>().ReadAsync(http.RequestAborted);
        }

        try
        {
            return await next(context);
        }
        catch (IdempotencyKeyReusedException)
        {
            return Results.BadRequest();
        }
    }

    private static byte[] Fingerprint(HttpRequest request, IFormCollection form) =>
        SHA256.HashData(
            Encoding.UTF8.GetBytes(
                request.Path
                    + string.Concat(
                        form.Where(field => !field.Key.StartsWith("__", StringComparison.Ordinal))
                            .OrderBy(field => field.Key, StringComparer.Ordinal)
                            .Select(field => $"\n{field.Key}={field.Value}")
                    )
            )
        );

    private sealed class SeeOtherResult(string location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = location;
            return Task.CompletedTask;
        }
    }
}
