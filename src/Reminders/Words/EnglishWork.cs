namespace Reminders.Words;

/// <summary>What doctor finds of messages, answers and channels, and of what waits for a person.</summary>
internal static class EnglishWork
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        // What nobody came round to.
        ["found.leases_well"] = "none has ended without somebody seeing to it.",
        ["found.leases_over"] = "of {0:# message|# messages} ended and nobody takes them back: whoever had them is gone.",
        ["found.leases_noted"] = "every message under way is one that its end is noted of.",
        ["found.leases_unnoted"] =
            "{0:# message is|# messages are} under way, and nothing notes when that ends, so nobody takes them back.",
        ["found.updates_handled"] = "none that came in waits to be handled.",
        ["found.updates_wait"] =
            "{0:# update|# updates} came in more than {1} minutes ago, and nobody has handled what a person pressed or wrote.",
        ["found.retention_well"] = "nothing is kept longer than it should be.",
        ["found.retention_behind"] =
            "{0:# row is|# rows are} kept a day longer than Retention says: messages that ended, or idempotency keys.",
        // Duplicates.
        ["found.identities_there"] = "the UNIQUE indexes that rule them out are there and valid; doctor --deep looks at every message.",
        ["found.identities_gone"] = "nothing rules them out: {0} {1:is|are} missing, invalid or not over its columns.",
        ["found.identities_single"] = "no two rows of the ledger or the outbox have one identity.",
        ["found.identities_twice"] =
            "{0:# identity is|# identities are} there several times in {1} (the first has id {2}): {3} is missing or broken.",
        ["found.told_once"] = "nobody, over all channels, resends and fall-backs.",
        ["found.told_twice"] =
            "{0:# message|# messages} told a person what they had been told before, and nothing allowed it (the first is of "
            + "occurrence {1}).",
        ["found.told_again"] = "{0:# time|# times}, {1}.",
        ["found.told_asked"] = "they wrote, and were asked again",
        ["found.told_by_operator"] = "an operator had it {0:@action}",
        ["found.told_by_policy"] = "the kind sends again what is in doubt",
        ["found.told_instead"] = "it took the place of one that did not arrive",
        ["found.told_after_doubt"] = "what was sent before ended in doubt",
        ["found.told_everywhere"] = "the kind goes to every channel",
        ["found.told_by_fall_back"] = "a fall-back: the message on another channel was in doubt or did not arrive",
        // What waits for a person.
        ["found.none"] = "none.",
        ["found.webhook_there"] = "its receiver has not said that it is gone.",
        ["found.webhook_gone"] = "its receiver said 410 Gone, and is told nothing.",
        ["found.unheard"] = "{0:# event was|# events were} not taken by the webhook: see reminders.webhook_event.",
        ["found.unhandled"] = "{0:# event was|# events were} not taken by the app's handler: see reminders.app_event.",
        ["found.held"] = "{0:# message|# messages} may or may not have arrived.",
        ["found.dead"] = "{0:# message of the last 7 days was|# messages of the last 7 days were} given up.",
        ["found.update_failed"] =
            "{0:# incoming update|# incoming updates} could not be handled: see reminders.inbound_update, state failed.",
        ["found.untold"] = "{0:# answer was|# answers were} not taken by the app's handler: see reminders.answer_event.",
        // Whether answers get here.
        ["found.source"] = "{0}: {1}.",
        ["found.source_trouble"] = "{0} (for {1})",
        ["found.source_silent"] = "no node has asked for {0}",
        ["found.source_unasked"] = "no node has asked yet",
        ["found.source_refused"] = "what was last posted to the webhook, {0} ago, was refused: {1}; {2} refused in all",
        ["found.source_heard"] = "updates come in, the last over the webhook {0} ago",
        ["found.source_ready"] = "updates come in, or would",
        ["found.ago_seconds"] = "{0} s",
        ["found.ago_minutes"] = "{0} min",
        ["found.ago_hours"] = "{0} h",
        ["found.ago_unknown"] = "a while",
        // Channels and providers.
        ["found.channels_open"] = "every channel is open.",
        ["found.unserved"] = "{0}",
        ["found.channel_stands"] = "{0} {1}. {2:# message waits|# messages wait}.",
        ["found.recipients_wait"] = "{0}: {1:# recipient waits|# recipients wait} by themselves, the last until {2}.",
        ["found.incident"] = "channel {0}.",
        ["found.provider_well"] = "{0} answers, and refuses nothing.",
        ["found.provider_refuses"] = "{0} refuses what this process is set to: {1}.",
        ["found.provider_silent"] = "{0} does not answer as it should: {1}.",
        ["found.token_known"] = "{0} knows the token: it is @{1}'s.",
        ["found.hook_while_polling"] = "a webhook at {0} is set while {1} is Polling: nothing can be polled while it stands.",
        ["found.hook_none"] = "none is set at {0}, and updates are polled.",
        ["found.hook_ours"] = "{0} posts to {1}.",
        ["found.hook_lost"] = "none is set at {0} while {1} is Webhook: no answer gets here.",
        ["found.hook_foreign"] = "{0} posts to {1} and not to {2}: no answer gets here.",
        ["found.another_address"] = "another address",
        // What nobody has set or made.
        ["found.public_url_there"] = "PublicUrl is set, or nothing needs it.",
        ["found.public_url_missing"] = "PublicUrl is not set, so mail has no link to unsubscribe by ({0}).",
        ["found.keys_valid"] = "{0:# API key is|# API keys are} valid.",
        ["found.keys_missing"] = "no API key is valid, so nobody calls the API, unless an app's own sign-in opens it.",
        ["found.link_key_there"] = "answer links are signed.",
        ["found.link_key_missing"] = "no key signs answer links: no message with such a link can be written.",
        ["found.pseudonym_key_missing"] = "the key is gone that people are known by when they are erased: nobody new can be kept.",
        ["found.since"] = "Since {0}.",
    };
}
