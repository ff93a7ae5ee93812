namespace Reminders.Words;

/// <summary>Why something was asked for and not done.</summary>
internal static class EnglishRefusals
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        // Bookings and answers.
        ["reason.no_booking"] = "There is no booking {0}.",
        ["reason.begun_not_approved"] = "The booking started at {0}: it can no longer be approved.",
        ["reason.begun_not_asked"] = "The booking started at {0}: nobody can be asked any more.",
        ["reason.not_called_off"] = "The booking is {0:@status}: only whoever declined, or was told that it is off, is asked again.",
        ["reason.cancelled_not_moved"] = "The booking is cancelled: approve it again before moving it.",
        ["reason.cancelled_not_changed"] = "The booking is cancelled: approve it again before giving it to somebody else.",
        ["reason.changed_meanwhile"] = "It was changed meanwhile, so nothing was done: look at it as it is now.",
        ["reason.answer_final"] =
            "The {0:@subject} was declined, and its slot may have been given away: move it, or cancel and approve it, to ask again.",
        ["reason.answer_stands"] = "The {0:@subject} was answered '{1}', which this cannot change any more.",
        ["reason.answer_too_late"] = "The {0:@subject} started at {1}: it can no longer be answered.",
        ["reason.answer_unapproved"] = "The {0:@subject} is not approved yet: there is nothing to answer.",
        ["reason.answer_off"] = "The {0:@subject} is {1:@status}: there is nothing to answer.",
        // Whom and what is meant.
        ["reason.no_recipient"] = "There is no recipient '{0}'.",
        ["reason.no_group"] = "There is no group '{0}'.",
        ["reason.no_subject"] = "There is no {0:@subject} '{1}'.",
        ["reason.never_asked"] = "Nothing was ever asked for about {0:@subject} '{1}'.",
        ["reason.several_recipients"] = "Several owners have a recipient of that reference: {0:@also}{1}. Say whose, by owner.",
        ["reason.several_groups"] = "Several owners have a group of that name: {0:@also}{1}. Say whose, by owner.",
        ["reason.several_subjects"] = "Several owners have a {0:@subject} of that id: {1:@also}{2}. Say whose, by owner.",
        ["reason.nobody_there"] = "Nobody here has that address or link.",
        ["reason.not_bound"] = "'{1}' has no address on '{0}'.",
        ["reason.no_notification"] = "There is no notification {0}.",
        ["reason.no_page"] = "There is no page {0}: there are {1} notifications, {2} to a page.",
        // Messages in an operator's hands.
        ["reason.no_message"] = "There is no message {0}.",
        ["reason.no_messages"] = "There are no such messages.",
        ["reason.no_incident"] = "There is no incident {0}.",
        ["reason.no_decision"] = "There is no decision {0}.",
        ["reason.nothing_matches"] = "Nothing matches any more: somebody else has decided, or the time was up.",
        ["reason.not_dead"] = "Message {0} is {1:@state}, not dead: there is nothing to replay.",
        ["reason.is_edit"] = "Message {0} is an edit: the next change of its subject writes a newer one.",
        ["reason.sent_before"] = "Message {0} was sent again before, as message {1}.",
        ["reason.sent_meanwhile"] = "Message {0} was sent again meanwhile.",
        ["reason.not_replayed"] = "Message {0} is not replayed: {1}.",
        ["reason.not_resent"] = "Message {0} is not sent again: {1}.",
        ["reason.nothing_to_settle"] = "Message {0} is {1:@state}, not uncertain: there is nothing to settle.",
        ["reason.no_doubt"] = "Message {0} is {1:@state}, not uncertain: there is no doubt to end by sending it again.",
        ["reason.refused"] = "It was refused.",
        ["reason.refused_by_database"] = "The database refused it ({0} {1}).",
        // What is declared, and its texts.
        ["reason.no_channel"] = "There is no channel '{0}'.",
        ["reason.no_kind"] = "There is no kind '{0}'.",
        ["reason.text_stands"] = "Version {0} stands by now, of {1}: look at it first.",
        ["reason.text_stands_alone"] = "Version {0} stands by now, of nobody: look at it first.",
        ["reason.no_text_version"] = "{0} has no version {1} in '{3}': there are 0 to {2}.",
        ["reason.texts_changed"] = "Somebody else has changed them at the same time: look at what stands now.",
        // Keys and accounts.
        ["reason.no_key"] = "There is no such key.",
        ["reason.key_not_in_force"] = "No such key is in force any more.",
        ["reason.key_exists"] = "There is, or was, a key named '{0}': the ledger names it, so choose another.",
        ["reason.no_account"] = "There is no such account.",
        ["reason.no_account_of"] = "There is no account '{0}', or it is disabled.",
        ["reason.last_administrator"] = "Nobody would be left who may change accounts.",
        ["reason.account_is_so"] = "It is so already, or the account is gone.",
        ["reason.code_used"] = "The code was used, or is too old, or the login is taken.",
        ["also.installation"] = "(the installation), ",
        ["also.nobody"] = "",
        ["subject.booking"] = "booking",
    };
}
