using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Doctor;
using Reminders.Hosting;
using Reminders.Web.Api;
using Reminders.Web.Documents;
using Reminders.Web.Health;
using Reminders.Web.Hosting;
using Reminders.Web.Inbox;
using Reminders.Web.Keys;
using Reminders.Web.Limits;
using Reminders.Web.Problems;
using Reminders.Web.Telemetry;
using Reminders.Web.Webhooks;

namespace Reminders.Web;

/// <summary>The engine over HTTP: an API, the live inbox, the providers' webhooks, health.</summary>
public static class RemindersWeb
{
    /// <summary>Where it is, unless the app says where.</summary>
    public const string DefaultPrefix = "/reminders";

    /// <summary>
    /// Maps, below the prefix and nowhere else: <c>/api</c>, <c>/answer</c>, <c>/unsubscribe</c>, <c>/ws/notifications</c>,
    /// <c>/openapi/v1.json</c>, <c>/telegram/webhook</c> (in <c>Telegram:Mode</c> Webhook; <c>/telegram/{channel}/webhook</c> for a bot
    /// of several), <c>/webhooks/whatsapp</c> (with
    /// <c>WhatsApp:PhoneNumberId</c>) and <c>/health</c>. The settings <c>PublicUrl</c> and <c>Telegram:WebhookUrl</c> include the prefix.
    /// </summary>
    /// <param name="prefix">Such as <c>/reminders</c>. Empty: it takes every path that the app has no endpoint for.</param>
    /// <param name="configure">How the app's sign-in opens it.</param>
    /// <param name="installation">Which one, where the app has several; each has a prefix of its own. Default: the one without a
    /// name.</param>
    /// <returns>For what the app wants of all of it: <c>RequireHost</c>, a rate limit of its own.</returns>
    /// <exception cref="InvalidOperationException">AddReminders was not called, or the engine is in use by now.</exception>
    public static IEndpointConventionBuilder MapReminders(
        this IEndpointRouteBuilder app,
        string prefix = DefaultPrefix,
        Action<RemindersMapping>? configure = null,
        string? installation = null
    )
    {
        var host = app.ServiceProvider;
        var engine = host.RequireEngine(installation, nameof(MapReminders));
        var mapping = new RemindersMapping();
        configure?.Invoke(mapping);
        var own = new OwnPipeline(engine, app => app.UseSecurityHeaders().UseProblems(), MapAll);
        engine.Extend(
            nameof(MapReminders),
            services =>
            {
                services.AddWeb(host, engine.Builder, mapping);
                services.AddSingleton(own.BuiltAtStart());
            }
        );
        return app.Map($"{prefix.TrimEnd('/')}/{{**rest}}", own.RunAsync)
            .WithDisplayName(engine.Installation.In("Reminders", " "))
            // Who may do what is asked in the pipeline behind it: a fallback policy of the app's would ask it of a webhook too.
            .WithMetadata(new AllowAnonymousAttribute())
            .ExcludeFromDescription();
    }

    private static void MapAll(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api").RequireAuthorization(Policies.Recruiter).WithApiRules();
        api.MapBookings();
        api.MapNotifications();
        api.MapRecipients();
        api.MapOutbox();
        api.MapChannels();
        api.MapKinds();
        api.MapTexts();
        api.MapTokens();
        api.MapAudit();
        api.MapLists();
        api.MapDoctor();
        app.MapInbox();
        app.MapLiveInbox();
        app.MapUnsubscribe();
        app.MapAnswerPage();
        app.MapApiDescription();
        app.MapTelegramWebhook();
        app.MapWhatsAppWebhook();
        app.MapHealth();
    }

    private static void AddWeb(this IServiceCollection services, IServiceProvider host, RemindersBuilder builder, RemindersMapping mapping)
    {
        services.AddFramework(host);
        services.AddApiJson();
        services.AddLimits(builder.Configuration);
        services.AddProblemResponses();
        services.AddSingleton(mapping);
        services.AddSingleton(new StaffSignIn(mapping.KnowsStaff));
        services.AddApiKeys(mapping);
        services.AddAccessTokens(mapping);
        services.AddLiveInbox();
        services.AddApiDescription();
        services.AddReadiness(builder.IsPlanOnly);
        services.AddRemindersTelemetry(builder.Configuration);
        services.WithoutKeyRing();
    }
}
