using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Reminders.Web.Console.Accounts;

namespace Reminders.Web.Console.Live;

/// <summary>
/// One stream for each open page. It says that something has changed, and never what: the page asks for itself again, as whoever it is
/// then. Somebody whose account has ended is out within a heartbeat.
/// </summary>
internal static class LiveEndpoint
{
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(4);

    public static void MapLive(this IEndpointRouteBuilder app) => app.MapGet("/live", Stream);

    private static IResult Stream(HttpContext http, Visitor visitor, LiveHub hub, TimeProvider time, IHostApplicationLifetime lifetime)
    {
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(
            EventsAsync(http, visitor.Recruiter, hub, time, lifetime.ApplicationStopping, http.RequestAborted)
        );
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        HttpContext http,
        long? recruiter,
        LiveHub hub,
        TimeProvider time,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken aborted
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        using var looking = hub.Look();
        // Taken before anybody is told: what changes while a page is read, or in a breath, is told next.
        var news = hub.Next(recruiter);
        var beat = Task.Delay(Heartbeat, time, either.Token);
        // At once: the page may have been made before the stream was.
        yield return new("hello", "hello");
        while (true)
        {
            await Task.WhenAny(news, beat);
            if (either.IsCancellationRequested)
            {
                yield break;
            }

            // Also of a page that is told of changes all the time.
            if (beat.IsCompleted)
            {
                if (!await StillThereAsync(http))
                {
                    yield return new("over", "over");
                    yield break;
                }

                beat = Task.Delay(Heartbeat, time, either.Token);
                yield return new("beat", "beat");
            }

            if (news.IsCompleted)
            {
                var next = hub.Next(recruiter);
                yield return new("changed", "changed");
                news = Task.WhenAll(next, Task.Delay(hub.Pause, time, either.Token));
            }
        }
    }

    private static async Task<bool> StillThereAsync(HttpContext http)
    {
        if (SessionCookie.AccountId(http.User) is null)
        {
            return true;
        }

        var accounts = (ConsoleAccounts)http.RequestServices.GetService(typeof(ConsoleAccounts))!;
        return await SessionCookie.IsGoodAsync(http.User, accounts, http.RequestAborted);
    }
}
