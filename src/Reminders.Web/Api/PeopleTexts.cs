namespace Reminders.Web.Api;

/// <summary>What a person may ask for of what is kept about them, in words.</summary>
internal static class PeopleTexts
{
    public static readonly EndpointText Export = new(
        "ExportRecipient",
        "Everything that is kept about a person",
        """
        Name, addresses, preferences, groups, bookings they are in, each notification with its messages, attempts and presses, the
        inbox, what came in from them, and the audit's lines about them. Codes and tokens, which open something, are not in it.
        """
    );

    public static readonly EndpointText Erase = new(
        "EraseRecipient",
        "Forget a person",
        """
        Example: `{"reason": "asked for it on 3 March"}`, which is kept and should not name them. Name, addresses, texts, inbox,
        what came in from them, codes and tokens go; what is not yet sent to them is not sent. The ledger keeps that something was
        told, under a keyed hash of the reference: `PUT` the same reference again, and what was told once stays told. `underWay`
        counts messages that had begun to leave; erase again later to take what their outcome says. Again changes nothing else.
        """
    );
}
