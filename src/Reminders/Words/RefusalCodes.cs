using System.Collections.Frozen;

namespace Reminders.Words;

/// <summary>Reasons why something was asked for and not done: what a caller is told, and the audit keeps. No message has one.</summary>
internal static partial class Reasons
{
    /// <inheritdoc cref="Known"/>
    public static readonly FrozenDictionary<string, string> Refusals = new Dictionary<string, string>
    {
        // Bookings and answers.
        ["no_booking"] = "w",
        ["begun_not_approved"] = "i",
        ["begun_not_asked"] = "i",
        ["not_called_off"] = "w",
        ["cancelled_not_moved"] = "",
        ["cancelled_not_changed"] = "",
        ["changed_meanwhile"] = "",
        ["answer_final"] = "w",
        ["answer_stands"] = "wt",
        ["answer_too_late"] = "wi",
        ["answer_unapproved"] = "w",
        ["answer_off"] = "ww",
        // Whom and what is meant.
        ["no_recipient"] = "t",
        ["no_group"] = "t",
        ["no_subject"] = "wt",
        ["never_asked"] = "wt",
        ["several_recipients"] = "wt",
        ["several_groups"] = "wt",
        ["several_subjects"] = "wwt",
        ["nobody_there"] = "",
        ["not_bound"] = "wt",
        ["no_notification"] = "w",
        ["no_page"] = "nnn",
        // Messages in an operator's hands.
        ["no_message"] = "n",
        ["no_messages"] = "",
        ["no_incident"] = "w",
        ["no_decision"] = "w",
        ["nothing_matches"] = "",
        ["not_dead"] = "nw",
        ["is_edit"] = "n",
        ["sent_before"] = "nn",
        ["sent_meanwhile"] = "n",
        ["not_replayed"] = "nr",
        ["not_resent"] = "nr",
        ["nothing_to_settle"] = "nw",
        ["no_doubt"] = "nw",
        ["refused"] = "",
        ["refused_by_database"] = "wt",
        // What is declared, and its texts.
        ["no_channel"] = "t",
        ["no_kind"] = "t",
        ["text_stands"] = "nt",
        ["text_stands_alone"] = "n",
        ["no_text_version"] = "wnnt",
        ["texts_changed"] = "",
        // Keys and accounts.
        ["no_key"] = "",
        ["key_not_in_force"] = "",
        ["key_exists"] = "t",
        ["no_account"] = "",
        ["no_account_of"] = "t",
        ["last_administrator"] = "",
        ["account_is_so"] = "",
        ["code_used"] = "",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
