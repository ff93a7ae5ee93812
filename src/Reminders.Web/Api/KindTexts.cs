namespace Reminders.Web.Api;

/// <summary>The kinds' endpoints in words.</summary>
internal static class KindTexts
{
    public static readonly EndpointText List = new(
        "ListKinds",
        "How the kinds stand",
        """
        Every kind that is set up, with its channels in their order. `since`, `until`, `by` and `reason` are there while it is paused.
        `waiting` counts to 10,001.
        """
    );

    public static readonly EndpointText Resume = new(
        "ResumeKind",
        "End a kind's pause",
        """
        Example: `{"reason": "The text is right again"}`. What waits of it leaves at its channel's pace.
        """
    );

    public static readonly EndpointText Pause = new(
        "PauseKind",
        "Stop a kind by hand",
        """
        Example: `{"until": "<a day later>", "reason": "The text is wrong"}`. Nothing of it starts, over any channel and on any node,
        until then, or without `until` until it is resumed. What falls due of it waits in the outbox, and is given up once it is past its use.
        """
    );
}
