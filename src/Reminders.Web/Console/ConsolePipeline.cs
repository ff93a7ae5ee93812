using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Reminders.Storage;
using Reminders.Web.Console.Pages;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console;

/// <summary>What is around every page: what browsers are told, and a page of ours for whatever goes wrong.</summary>
internal static partial class ConsolePipeline
{
    // Nothing inline, nothing from elsewhere.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    /// <summary>
    /// Pages and assets, over TLS as well: a form's token is another in each answer, and cookies do not come with what another site asks
    /// for. Not the live stream, whose events would wait for one another.
    /// </summary>
    public static readonly string[] Packed = ["text/html", "text/css", "text/javascript", "image/svg+xml"];

    public static void Around(IApplicationBuilder app)
    {
        app.UseResponseCompression();
        app.Use(
            (context, next) =>
            {
                context.RequestServices.GetRequiredService<Visitor>().Context = context;
                context.RequestServices.GetRequiredService<FirstQueries>().Begin();
                context.Response.OnStarting(() =>
                {
                    Describe(context.Response.Headers);
                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
        app.Use(
            async (context, next) =>
            {
                try
                {
                    await next(context);
                    if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
                    {
                        await SayAsync(context, context.Response.StatusCode);
                    }
                }
                catch (Exception exception) when (!context.Response.HasStarted)
                {
                    await FailAsync(context, exception);
                }
            }
        );
    }

    /// <summary>A page that says what is wrong, and no more.</summary>
    /// <param name="goOn">Where there is a way on with what was typed.</param>
    public static Task SayAsync(HttpContext context, int status, TroubleCause cause = TroubleCause.None, string? goOn = null)
    {
        var trouble = context.RequestServices.GetRequiredService<Shown<Trouble>>();
        trouble.It = new(status, System.Diagnostics.Activity.Current?.Id ?? context.TraceIdentifier, cause, goOn);
        return new RazorComponentResult<TroublePage>() { StatusCode = status, PreventStreamingRendering = true }.ExecuteAsync(context);
    }

    private static async Task FailAsync(HttpContext context, Exception exception)
    {
        if (exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var services = context.RequestServices;
        services.GetRequiredService<DatabaseTrouble>().Heard(exception);
        var fault = Faults.Of(exception);
        var isOld = exception is AntiforgeryValidationException;
        var cause =
            Faults.IsOtherSchema(exception) ? TroubleCause.OtherSchema
            : Faults.IsEnded(exception) ? TroubleCause.TookTooLong
            : TroubleCause.None;
        var status =
            exception is BadHttpRequestException bad ? bad.StatusCode
            : isOld ? StatusCodes.Status400BadRequest
            : cause != TroubleCause.None || fault is Fault.ReadOnly or Fault.Contention or Fault.SharedSession || Faults.IsOutage(exception)
                ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status500InternalServerError;
        context.Response.Clear();
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "5";
            if (HttpMethods.IsGet(context.Request.Method))
            {
                // It tries again by itself, with or without a script.
                context.Response.Headers["Refresh"] = "5";
            }
        }

        if (cause == TroubleCause.OtherSchema || status == StatusCodes.Status500InternalServerError)
        {
            LogFailed(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ConsolePipeline)), exception);
        }

        await SayAsync(context, status, cause, isOld ? await services.GetRequiredService<Kept>().AddressAsync(context) : null);
    }

    private static void Describe(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        if (!headers.ContainsKey(HeaderNames.CacheControl))
        {
            headers.CacheControl = "no-store";
        }
    }

    [LoggerMessage(8101, LogLevel.Error, "A page of the console failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
