namespace Reminders.Words;

/// <summary>What the command line says of what it did, and found.</summary>
internal static class EnglishCommands
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        // What was decided about messages.
        ["cli.message_is"] = "Message {0} is {1:@state}: {2}.[ Message {3} takes its place.]",
        ["cli.settled"] = "{0} settled, {1} refused.",
        ["cli.not_settled"] = "not settled: {0}",
        ["cli.resent"] = "{0} sent again, {1} refused.",
        ["cli.not_resent"] = "not sent again: {0}",
        ["cli.doubts_match"] = "{0} in doubt match. Nothing was done.",
        ["cli.held_due"] = "Due by {0}: {1} reminders are held and {2} messages in doubt.",
        ["cli.would_hold"] = "Due by {0}: {1} reminders would be held and {2} messages in doubt. Nothing was done.",
        ["cli.released"] = "{0} reminders are planned again.",
        // How a channel or a kind stands now.
        ["cli.stands"] = "{0} {1}[ Nothing was changed: {2}.]",
        ["cli.is_open"] = "is open.",
        ["cli.not_paused"] = "is not paused.",
        ["cli.nothing_waited"] = "nothing there waited",
        ["cli.stopped_before"] = "it was stopped before",
        ["cli.was_not_paused"] = "it was not paused",
        ["cli.paused_before"] = "it was paused before",
        ["cli.recipient_waits"] = "recipient {0} until {1}: {2}",
        ["cli.incident"] = "incident {0}  {1}",
        // Lists.
        ["cli.none"] = "There are none.",
        ["cli.none_so_far"] = "There are none so far.",
        ["cli.more"] = "[Looked as far as {0}. ]More follow: --after {1}",
        ["cli.none_is"] = "No message is {0:@state}.",
        ["cli.none_is_so_far"] = "No message is {0:@state} and asked for, so far.",
        ["cli.first_of"] = "These are the first {0}; narrow them with --kind.",
        ["cli.no_node"] = "No node runs.",
        ["cli.gone"] = "gone",
        ["cli.there"] = "there",
        ["cli.no_trigger"] = "No trigger waits.",
        ["cli.nobody_found"] = "Nobody is found by '{0}'.",
        ["cli.no_booking_id"] = "'{0}' is no booking's id; of another subject, give the type and the id: {1}.",
        ["cli.refused"] = "{0} (refused)",
        // People, their answers, and what apps are told.
        ["cli.erased"] =
            "Erased. The ledger calls them {0} from now on; not sent any more: {1}.[ Under way: {2}; "
            + "erase again in a minute to take what their outcome says.]",
        ["answer.recorded"] = "Recorded: {0:@status}.",
        ["answer.same"] = "Nothing changed: it was {0:@status} already.",
        ["cli.recorded_of"] = "Recorded: {0}. The {1:@subject} is {2:@status}.",
        ["cli.same_answer_of"] = "Nothing changed: that was answered already. The {0:@subject} is {1:@status}.",
        ["cli.answers_retried"] = "{0} answers are told once more, by a node of the app's.",
        ["cli.events_retried"] = "{0} events are told once more.",
        ["cli.receivers_resumed"] = "{0} receivers are told again.",
        ["cli.events_forgotten"] = "{0} events were not delivered, and are forgotten.",
        // Keys and accounts.
        ["cli.key_revoked"] = "The key '{0}' is revoked.",
        ["cli.no_key_in_force"] = "No key named '{0}' is in force; see: {1}.",
        ["cli.account_disabled"] = "{0}: disabled",
        ["cli.account_enabled"] = "{0}: enabled",
        ["cli.none_to_disable"] = "There is no account '{0}' to disable.",
        ["cli.none_to_enable"] = "There is no account '{0}' to enable.",
        // Texts.
        ["cli.texts_same"] = "They are so already.",
        ["cli.as_declared"] = "as declared",
        ["cli.texts_of"] = "{0} {1}, version {2}",
        ["cli.text"] = "  {0}: {1}",
        ["cli.text_set"] = "  {0} (set): {1}",
        ["cli.text_reads"] = "    reads: {0}",
        // One message.
        ["cli.shown_state"] = "message {0} is {1:@state}[: {2}]",
        ["cli.shown_kind"] = "kind {0}, {1}, {2} {3}",
        ["cli.shown_to"] = "to {0} ({1})",
        ["cli.shown_about"] = "about {0:@subject} {1}, version {2}",
        ["cli.shown_times"] = "written {0}, due {1}, of use until {2}",
        ["cli.shown_provider"] = "the provider calls it {0}",
        ["cli.shown_try"] = "try {0} by {1}: {2} {3}",
        ["cli.shown_press"] = "press {0}: {1}, {2}",
        ["cli.shown_decision"] = "decision {0} by {1}: {2:@action}, {3}",
        // The schema.
        ["cli.no_scripts"] = "Every script was applied already.",
        ["cli.scripts"] = "Applied {0} scripts.",
        ["cli.schema_good"] = "The schema is up to date.",
        ["cli.schema_lacks"] = "A script runs once, so migrate does not bring these back: doctor --sql prints the statements that do.",
        // What another system has sent.
        ["cli.no_file"] = "There is no file '{0}'.",
        ["cli.import_problems"] = "Nothing was imported: {0} problems.",
        ["cli.import_empty"] = "Nothing was imported: there is no row.",
        ["cli.import_nothing"] = "Nothing was imported.",
        ["cli.imported"] =
            "{0} imported, {1} were there already.[ {2} of them were planned here, and are not sent any more.][ {3} were left out.]",
        ["cli.and_more"] = "… and {0} more.",
    };
}
