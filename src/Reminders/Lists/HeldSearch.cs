using Reminders.Commands;
using Reminders.Outbox.Operators;

namespace Reminders.Lists;

/// <summary>What waits for a person, by whatever it is asked for: found as any message is, and shown as those are that wait.</summary>
internal static class HeldSearch
{
    /// <summary>Whether it is anything: all of them are <see cref="HeldMessages"/>.</summary>
    public static bool IsAsked(ListRequest asked) =>
        ((string?[])[asked.Kind, asked.Channel, asked.Person, asked.About, asked.Name, asked.ProviderId, asked.Reason]).Any(one =>
            !string.IsNullOrWhiteSpace(one)
        );

    public static async Task<Outcome<ListPage<HeldMessage>>> ReadAsync(
        MessageList list,
        HeldMessages held,
        ListRequest asked,
        CancellationToken cancellationToken
    ) =>
        await list.ReadAsync(asked, cancellationToken) switch
        {
            Outcome<ListPage<ListedMessage>>.Done { Value: var page } => new Outcome<ListPage<HeldMessage>>.Done(
                new(await held.OfAsync([.. page.Items.Select(one => one.Id)], cancellationToken), page.Next) { LookedTo = page.LookedTo },
                Changed: false
            ),
            Outcome<ListPage<ListedMessage>>.Invalid wrong => new Outcome<ListPage<HeldMessage>>.Invalid(wrong.Errors),
            var other => throw new InvalidOperationException($"A list answered {other.GetType().Name}."),
        };
}
