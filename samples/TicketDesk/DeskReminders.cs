using Reminders;
using Reminders.Email;
using Reminders.Web;
using Reminders.WhatsApp;

namespace Samples.TicketDesk;

/// <summary>The engine in the desk: a kind for each way to hear of tickets, and the inbox at its own address.</summary>
public static class DeskReminders
{
    /// <summary>Where each way goes. The inbox reaches everybody; the others whoever has an address there.</summary>
    private static readonly (NotificationType Type, string[] Channels)[] Ways =
    [
        (NotificationType.System, ["inbox"]),
        (NotificationType.Email, ["inbox", "email"]),
        (NotificationType.WhatsApp, ["inbox", "whatsapp"]),
    ];

    public static void AddDeskReminders(this IHostApplicationBuilder builder)
    {
        var engine = builder
            .Services.AddReminders(builder.Configuration)
            .UsePostgres(builder.Configuration["Desk:Database"]!)
            .AddEmail()
            .AddWhatsApp()
            .WithoutShippedKinds();
        foreach (var (type, channels) in Ways)
        {
            engine.AddKind(
                Wire.Name(type),
                kind =>
                {
                    // What happened is another notification each time, and none takes another's place.
                    (kind.Subject, kind.Supersedes, kind.Channels, kind.EveryChannel) = ("ticket", false, channels, true);
                    kind.Data = new Dictionary<string, string>
                    {
                        ["title"] = "text",
                        ["status"] = "text",
                        ["message"] = "text",
                    };
                    kind.Templates["en"] = new() { ["subject"] = "Ticket: {title}", ["text"] = "{message}" };
                }
            );
        }
    }

    /// <summary>At the root: <c>/api/notifications/</c> and <c>/ws/notifications/</c>, as the desk's clients know them.</summary>
    public static void MapDeskReminders(this WebApplication app) =>
        app.MapReminders("", map => map.Recipient = user => user.FindFirst("sub")?.Value);
}
