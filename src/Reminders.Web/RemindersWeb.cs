using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Web.Api;
using Reminders.Web.Documents;
using Reminders.Web.Health;
using Reminders.Web.Inbox;
using Reminders.Web.Keys;
using Reminders.Web.Limits;
using Reminders.Web.Problems;
using Reminders.Web.Telemetry;
using Reminders.Web.Webhooks;

namespace Reminders.Web;

/// <summary>The engine over HTTP: an API, Telegram's webhook, health. Mounts on any ASP.NET Core application.</summary>
public static class RemindersWeb
{
    /// <summary>What <see cref="MapReminders"/> needs. Call <see cref="RemindersServices.AddReminders"/> as well.</summary>
    /// <param name="configuration">Reads <c>Api</c>, <c>Telemetry:OtlpEndpoint</c> and <c>OTEL_EXPORTER_OTLP_…</c>.</param>
    public static IServiceCollection AddRemindersWeb(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddApiJson();
        services.AddLimits(configuration);
        services.AddProblemResponses();
        services.AddApiKeys();
        services.AddAccessTokens();
        services.AddLiveInbox();
        services.AddApiDescription();
        services.AddReadiness();
        services.AddRemindersTelemetry(configuration);
        return services;
    }

    /// <summary>
    /// Maps <c>/api</c>, <c>/answer</c>, <c>/unsubscribe</c>, <c>/ws/notifications</c>, <c>/openapi/v1.json</c>, <c>/telegram/webhook</c>
    /// (in <c>Telegram:Mode</c> Webhook),
    /// <c>/webhooks/whatsapp</c> (with <c>WhatsApp:PhoneNumberId</c>) and <c>/health</c>.
    /// </summary>
    public static IEndpointRouteBuilder MapReminders(this IEndpointRouteBuilder app)
    {
        var ours = app.MapGroup("").WithMetadata(new OwnEndpoint());
        var api = ours.MapGroup("/api").RequireAuthorization(Policies.Recruiter).WithApiRules();
        api.MapBookings();
        api.MapNotifications();
        api.MapRecipients();
        api.MapOutbox();
        api.MapChannels();
        api.MapTokens();
        api.MapAudit();
        api.MapLists();
        ours.MapInbox();
        ours.MapLiveInbox();
        ours.MapUnsubscribe();
        ours.MapAnswerPage();
        ours.MapApiDescription();
        ours.MapTelegramWebhook();
        ours.MapWhatsAppWebhook();
        ours.MapHealth();
        return app;
    }
}
