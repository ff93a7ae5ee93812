using System.Text.Json;
using Reminders.Commands;
using Reminders.Integration.Tests.Support;
using Reminders.Notifications;
using Reminders.People;

namespace Reminders.Integration.Tests.Notifications;

/// <summary>What tests of the one entrance have in common: people, and requests from either of two nodes.</summary>
internal static class Asking
{
    /// <summary>People <c>u1</c> to <c>un</c>, whose chats are 2001 and up.</summary>
    public static async Task KeepPeopleAsync(this Cluster cluster, int count, params IReadOnlyList<PreferenceDraft> preferences)
    {
        for (var n = 1; n <= Math.Min(count, 100); n++)
        {
            cluster.Telegram.AddChat(2000 + n);
        }

        Assert.IsType<Outcome<RecipientsKept>.Done>(
            await cluster.SendAsync(
                new KeepRecipients([
                    .. Enumerable
                        .Range(1, count)
                        .Select(n => new RecipientDraft(
                            $"u{n}",
                            $"User {n}",
                            Addresses: new Dictionary<string, string> { ["telegram"] = $"{2000 + n}" },
                            Preferences: preferences.Count > 0 ? preferences : null
                        )),
                ])
            )
        );
    }

    public static async Task<NotifyResult> AskAsync(this Cluster cluster, Notify request, int node = 0) =>
        Assert.IsType<Outcome<NotifyResult>.Done>(await cluster.SendAsync(request, node)).Value;

    public static Notify Customer(string id, params string[] users) =>
        new("CUSTOMER_CREATED", id, Recipients: users, Data: Data(("customer", "Example Ltd")));

    public static Notify Cart(string id, string hash, params string[] users) =>
        new(
            "CART_ABANDONED",
            id,
            Recipients: users,
            Data: Data(("cart_hash", hash), ("items", "a lamp"), ("url", "https://shop.example.com/cart")),
            DelaySeconds: 0
        );

    public static Notify Assigned(string ticket, long? version, params string[] users) =>
        new("TICKET_ASSIGNED", ticket, version, users, Data: Data(("title", "Printer"), ("by", "Rita")));

    public static IReadOnlyDictionary<string, JsonElement> Data(params (string Name, object Value)[] data) =>
        data.ToDictionary(one => one.Name, one => JsonSerializer.SerializeToElement(one.Value));
}
