using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Commands;
using Reminders.Inbox;
using Reminders.Web.Keys;
using Reminders.Web.Limits;
using Reminders.Web.Problems;
using Reminders.Words;

namespace Reminders.Web.Inbox;

/// <summary>
/// <c>ws://…/ws/notifications/?token=rw_…[&amp;cursor=n]</c>: what is new in a person's inbox, as it comes. A ticket is in the
/// address because a browser cannot send a header here; since no cookie lets anyone in, another site's page cannot either.
/// </summary>
internal static class LiveEndpoint
{
    public static IServiceCollection AddLiveInbox(this IServiceCollection services)
    {
        services.AddSingleton<InboxMetrics>();
        services.AddSingleton<LiveSockets>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveSockets>());
        return services;
    }

    public static void MapLiveInbox(this IEndpointRouteBuilder app)
    {
        var options = app.ServiceProvider.GetRequiredService<InboxOptions>();
        // A pipeline of its own: a host that mounts the engine need not know that this endpoint needs a middleware.
        var pipeline = app.CreateApplicationBuilder();
        pipeline.UseWebSockets(new() { KeepAliveInterval = options.PingInterval, KeepAliveTimeout = options.PingTimeout });
        pipeline.Run(ConnectAsync);
        app.Map("/ws/notifications/", pipeline.Build())
            .RequireAuthorization(Policies.User)
            .WithMetadata(new OpensSocket())
            .ExcludeFromDescription();
    }

    private static async Task ConnectAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            await new ProblemResult(StatusCodes.Status426UpgradeRequired, new("problem.sockets_only")).ExecuteAsync(context);
            return;
        }
        var services = context.RequestServices;
        if (services.GetRequiredService<CallerLimits>().Ask(context) is { } slower)
        {
            await slower.ExecuteAsync(context);
            return;
        }
        if (!TryReadCursor(context.Request.Query["cursor"], out var cursor))
        {
            var given = FieldErrors.Cut(context.Request.Query["cursor"].ToString());
            await RefuseAsync(context, "wrong.not", given, new Sentence("form.live_cursor"));
            return;
        }
        var feed = services.GetRequiredService<InboxFeed>();
        if (await feed.SubscribeAsync(context.User.RecipientId(), cursor, context.RequestAborted) is not { } subscription)
        {
            await RefuseAsync(context, "wrong.no_cursor", cursor);
            return;
        }
        try
        {
            // A client that offered subprotocols wants one of them confirmed; the token that stood beside it is not said again.
            var offered = context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(protocol => protocol == OpensSocket.Protocol);
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = offered });
            await services
                .GetRequiredService<LiveSockets>()
                .RunAsync(
                    new LiveSocket(
                        socket,
                        subscription,
                        context.User.TokenHash()!,
                        services.GetRequiredService<InboxOptions>(),
                        services.GetRequiredService<InboxMetrics>(),
                        services.GetRequiredService<TimeProvider>()
                    )
                );
        }
        finally
        {
            feed.Unsubscribe(subscription);
        }
    }

    private static bool TryReadCursor(string? given, out long? cursor)
    {
        cursor = null;
        if (string.IsNullOrEmpty(given))
        {
            return true;
        }

        if (!long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        cursor = number;
        return true;
    }

    private static Task RefuseAsync(HttpContext context, string code, params ReadOnlySpan<object?> values) =>
        new WrongFieldsResult(WrongFields.Of("cursor", code, values)).ExecuteAsync(context);
}
