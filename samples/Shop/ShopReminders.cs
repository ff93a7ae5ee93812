using Reminders;
using Reminders.Channels;
using Reminders.Email;
using Reminders.Kinds;

namespace Samples.Shop;

/// <summary>The engine in the shop: one kind, one channel.</summary>
public static class ShopReminders
{
    public static void AddShopReminders(this IHostApplicationBuilder builder) =>
        builder
            .Services.AddReminders(builder.Configuration)
            .UsePostgres(builder.Configuration["Shop:Database"]!)
            .AddEmail()
            .WithoutShippedKinds()
            .AddKind(
                Carts.Kind,
                kind =>
                {
                    (kind.Subject, kind.Channels) = ("cart", ["email"]);
                    // The same cart again after a day, another one at once; an hour after it was left.
                    (kind.Identity, kind.Window, kind.WindowBy) = (IdentityPolicy.Window, TimeSpan.FromHours(24), ["cart_hash"]);
                    kind.Delay = TimeSpan.FromHours(1);
                    // Nobody knows whether it arrived: an advertisement is not worth a second one.
                    kind.Uncertain["email"] = UncertainPolicy.Hold;
                    kind.Data = new Dictionary<string, string>
                    {
                        ["cart_hash"] = "text",
                        ["items"] = "text",
                        ["value"] = "number",
                    };
                    kind.Templates["en"] = new()
                    {
                        ["subject"] = "You left {value:N2} € in your cart",
                        ["text"] = "Hello {recipient}!\n\nYour cart still holds {items}, {value:N2} € in all.",
                    };
                    kind.Templates["de"] = new()
                    {
                        ["subject"] = "In Ihrem Warenkorb liegen noch {value:N2} €",
                        ["text"] = "Hallo {recipient}!\n\nIn Ihrem Warenkorb liegen noch {items}, zusammen {value:N2} €.",
                    };
                }
            );
}
