namespace Reminders.WhatsApp;

/// <summary>One message or status of a webhook, as far as the engine cares.</summary>
internal abstract record WhatsAppUpdate
{
    private WhatsAppUpdate() { }

    /// <summary>Somebody wrote. One of the two names is there.</summary>
    /// <param name="From">The number; null of a person who hides it behind a username.</param>
    /// <param name="UserId">What Meta calls them for this business; null where it does not say.</param>
    /// <param name="Text">Null for a picture, a place, a reaction …</param>
    public sealed record Message(string? From, string? UserId, string? Text) : WhatsAppUpdate;

    /// <summary>Somebody pressed a button: under a message of ours, or a template's. Perhaps neither name is there.</summary>
    /// <param name="From">The number; null of a person who hides it behind a username.</param>
    /// <param name="UserId">What Meta calls them for this business; null where it does not say.</param>
    /// <param name="Data">What the button carried.</param>
    /// <param name="RepliesTo">The message it stood under.</param>
    public sealed record Press(string? From, string? UserId, string Data, string? RepliesTo) : WhatsAppUpdate;

    /// <summary>A person took their account to another number.</summary>
    /// <param name="From">The number they had.</param>
    /// <param name="To">The one they have.</param>
    public sealed record NumberChanged(string From, string To) : WhatsAppUpdate;

    /// <summary>Something about a chat that nobody wrote, and that asks for nothing.</summary>
    public sealed record Notice(string? Type) : WhatsAppUpdate;

    /// <summary>What became of a message that was sent from this number, by whichever program.</summary>
    /// <param name="MessageId">The message's id (wamid).</param>
    /// <param name="Kind"><c>sent</c>, <c>delivered</c>, <c>read</c> or <c>failed</c>; others may come.</param>
    /// <param name="Reference">What the sender gave as biz_opaque_callback_data.</param>
    /// <param name="Error">Of a failed one.</param>
    public sealed record Status(string MessageId, string Kind, string? Reference, GraphError? Error) : WhatsAppUpdate
    {
        public bool ProvesDelivery => Kind is "sent" or "delivered" or "read";
    }

    /// <summary>Not to be understood.</summary>
    public sealed record Refused(string Field, string Problem) : WhatsAppUpdate;
}
