namespace Reminders.Words;

/// <summary>Reasons of how updates get here, and of how the database has stepped back.</summary>
internal static class EnglishSources
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        ["reason.hook_unregistered"] = "the webhook could not be registered: {0}",
        ["reason.hook_unsaid"] = "Telegram does not say how the webhook fares: {0}",
        ["reason.hook_put_back"] = "{0}; ours was registered again",
        ["reason.hook_deleted"] = "the webhook at Telegram was deleted",
        ["reason.hook_set_to"] = "the webhook at Telegram was set to {0}",
        ["reason.hook_other_kinds"] = "the webhook at Telegram was set to other kinds of updates",
        ["reason.hook_connections"] = "the webhook at Telegram was set to {0} connections",
        ["reason.hook_undelivered"] = "Telegram could not deliver to the webhook: {1}; {0} updates wait",
        ["reason.hook_other_secret"] =
            "Telegram could not deliver to the webhook: {1}; {0} updates wait; another secret was registered with it, and "
            + "ours is registered again",
        ["reason.hook_while_polling"] = "somebody set a webhook to {1} while {0} is Polling; it was deleted",
        ["reason.updates_pile_up"] = "{0} updates wait at Telegram, and more each time",
        ["reason.updates_refused"] = "Telegram gives no updates: {0}",
        ["reason.updates_unanswered"] = "Telegram cannot be asked for updates: it does not answer, or not as it should",
        ["reason.polled_elsewhere"] = "another program polls with this bot's token ({0})",
        ["reason.timeline_changed"] = "timeline {0} → {1}",
        ["reason.system_changed"] = "system {0} on timeline {1} → system {2} on timeline {3}",
        ["reason.log_went_back"] = "the log went back from {0} to {1}",
    };
}
