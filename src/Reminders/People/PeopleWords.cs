using Reminders.Words;

namespace Reminders.People;

/// <summary>Why somebody cannot be reached, in the words of whoever reads it.</summary>
internal static class PeopleWords
{
    public static AddressView In(this AddressView address, Wording words) => address with { Reason = words.Reason(address.Reason) };

    public static RecipientView In(this RecipientView person, Wording words) =>
        person with
        {
            Addresses = [.. person.Addresses.Select(address => address.In(words))],
        };
}
