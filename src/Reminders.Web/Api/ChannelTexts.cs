namespace Reminders.Web.Api;

/// <summary>The channels' endpoints in words.</summary>
internal static class ChannelTexts
{
    public static readonly EndpointText List = new(
        "ListChannels",
        "How the channels stand",
        """
        `open`, `stopped` (by hand), `broken` (a refused token), `resting` (it does not answer; its queue is kept and one probe at a time
        asks), `answering` (it does again), `waiting` (a 429 for all of it) or `asked` (a 429; one message finds out whose it is). `until` is
        when it is tried next. `pausedRecipients` wait by themselves. `incidents` are rests with what is still in doubt from them: settle or
        resend that with `POST /api/outbox/settle` or `/resend` and `{"incident": 7, …}`.
        """
    );

    public static readonly EndpointText Resume = new(
        "ResumeChannel",
        "Lift a channel's or a recipient's pause",
        """
        Example: `{"reason": "Telegram says it was their mistake"}`, or for one recipient `{"recipient": "1001", "reason": "…"}`: their address on
        the channel, or your reference to them. A channel in trouble is tried at once; it flows when that is delivered.
        """
    );

    public static readonly EndpointText Pause = new(
        "PauseChannel",
        "Stop a channel by hand",
        """
        Example: `{"until": "<a day later>", "reason": "The text is wrong"}`. Nothing starts over it, on any node, until then, or
        without `until` until it is resumed; its queue is kept. What the provider has it wait for is neither lifted nor lifts it.
        """
    );
}
