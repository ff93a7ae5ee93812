using Reminders.People;
using Reminders.Words;

namespace Reminders.Lists;

/// <summary>What lists hold as codes, in the words of whoever reads them.</summary>
internal static class ListWords
{
    public static ListedMessage In(this ListedMessage message, Wording words) => message with { Reason = words.Reason(message.Reason) };

    public static ListedSuppression In(this ListedSuppression one, Wording words) => one with { Rule = words.Reason(one.Rule)! };

    public static ListedRecipient In(this ListedRecipient person, Wording words) =>
        person with
        {
            Addresses = [.. person.Addresses.Select(address => address.In(words))],
        };

    public static ListPage<T> In<T>(this ListPage<T> page, Func<T, T> word) => page with { Items = [.. page.Items.Select(word)] };
}
