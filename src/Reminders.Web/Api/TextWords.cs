namespace Reminders.Web.Api;

/// <summary>The texts' endpoints in words.</summary>
internal static class TextWords
{
    public static readonly EndpointText List = new(
        "ListTexts",
        "A kind's texts as they are now",
        """
        Language by language, with the version that stands (0: nobody has changed anything), which texts were set, and how each reads with
        made-up values.
        """
    );

    public static readonly EndpointText History = new(
        "ListTextVersions",
        "Every version of a kind's texts in a language",
        """
        The newest first, each with all that it sets, by whom, when and why. What a message said that left at an instant is the version
        before it, give or take the seconds in which nodes hear of a change.
        """
    );

    public static readonly EndpointText Set = new(
        "SetTexts",
        "Change a kind's texts on every node",
        """
        Example: `{"locale": "en", "texts": {"text": "Will you come, {candidate}? It begins at {starts_at:HH:mm}."}, "reason": "Shorter"}`.
        The whole is checked as at a start and rendered with made-up values; what breaks a rule is refused by kind, language and name.
        `declared` names texts that are as the kind declares them again. With `ifVersion` it counts only if that one stands (409).
        """
    );

    public static readonly EndpointText Preview = new(
        "PreviewTexts",
        "How texts would read",
        """
        Example: `{"locale": "en", "texts": {"text": "Will you come, {candidate}?"}}`. What would be refused is refused; nothing is changed.
        """
    );

    public static readonly EndpointText Back = new(
        "TakeTextsBack",
        "Put an earlier version in force again",
        """
        Example: `{"locale": "en", "version": 0, "reason": "As it was"}`. It becomes one version more; 0 is what the kind declares.
        """
    );
}
