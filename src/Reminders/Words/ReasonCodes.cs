using System.Collections.Frozen;

namespace Reminders.Words;

/// <summary>Every reason there is.</summary>
internal static partial class Reasons
{
    /// <summary>
    /// Each code, and its values in their order: <c>n</c> a number, <c>w</c> a word without spaces, <c>i</c> an instant; and after a colon
    /// <c>t</c> a text, or <c>r</c> a reason of its own; <c>?</c> where that may be missing.
    /// </summary>
    public static readonly FrozenDictionary<string, string> Known = new Dictionary<string, string>
    {
        // The subject has moved on, or the person wants none of it.
        ["superseded"] = "n",
        ["subject_is"] = "t",
        ["nothing_left"] = "",
        ["opted_out"] = "",
        ["not_wanted"] = "",
        ["asked_for_it"] = "",
        ["erased"] = "",
        ["erased_under_way"] = "",
        ["erased_since"] = "",
        // It would have come too late, or was told otherwise.
        ["below_minimum_lead"] = "",
        ["past_use"] = "",
        ["past_use_after"] = "wn",
        ["past_use_shut"] = "w",
        ["past_use_paused"] = "w",
        ["doubt_past_use"] = "",
        ["already_told"] = "",
        ["not_sent"] = "wr?",
        ["imported"] = "",
        ["newer_edit"] = "",
        // Where it should have gone.
        ["no_address"] = "",
        ["no_address_there"] = "",
        ["no_address_in_time"] = "",
        ["unreachable"] = "r?",
        // What became of a try.
        ["node_lost"] = "t",
        ["no_outcome"] = "",
        ["lease_over"] = "",
        ["no_reply"] = "w",
        ["node_stopped"] = "",
        ["last_attempt"] = "nnr",
        ["part_late"] = "nn",
        ["part_doubt"] = "nnw",
        ["id_unkept"] = "n",
        ["detail_lost"] = "w",
        ["cannot_start"] = "wt",
        ["zone_unknown"] = "t",
        ["zone_unknown_there"] = "t",
        ["zone_unknown_quiet"] = "t",
        ["zone_disagrees"] = "wwww",
        ["zone_unchecked"] = "t",
        ["call_open"] = "",
        ["no_value"] = "t",
        ["failed_later"] = "wt",
        ["provider_says"] = "ww",
        ["proved_by"] = "w",
        // A person decided, or the engine after a fail-over.
        ["delivered_says"] = "t",
        ["not_delivered_says"] = "t",
        ["resent_by"] = "nt",
        ["resent_before"] = "n",
        ["replayed"] = "n",
        ["held_restore"] = "t",
        ["held_failover"] = "r",
        ["nodes_unheard"] = "t",
        ["many_unheard"] = "n",
        // Asked for again, and not planned.
        ["same_version"] = "",
        ["told_once"] = "",
        ["window"] = "n",
        // Why an operator may not have it sent again.
        ["moved_on"] = "nn",
        ["off"] = "t",
        ["unwanted"] = "r",
        ["useful_until"] = "t",
        ["told_same"] = "n",
        ["also_there"] = "nw",
        ["no_address_on"] = "w",
        ["out_of_reach"] = "r?",
        ["kind_gone"] = "w",
        ["channel_gone"] = "w",
        // Refused, in the audit.
        ["no_such_person"] = "",
        ["other_chat"] = "",
        ["lacks_scope"] = "t",
        ["number_changed"] = "w",
        // Whether answers get here, in a provider's word.
        ["hook_unregistered"] = "t",
        ["hook_unsaid"] = "t",
        ["hook_put_back"] = "r",
        ["hook_deleted"] = "",
        ["hook_set_to"] = "t",
        ["hook_other_kinds"] = "",
        ["hook_connections"] = "n",
        ["hook_undelivered"] = "nt",
        ["hook_other_secret"] = "nt",
        ["hook_while_polling"] = "wt",
        ["updates_pile_up"] = "n",
        ["updates_refused"] = "t",
        ["updates_unanswered"] = "",
        ["polled_elsewhere"] = "t",
        // How it is known that the database has stepped back.
        ["timeline_changed"] = "nn",
        ["system_changed"] = "nnnn",
        ["log_went_back"] = "ww",
        // Anything else that looks like one of these.
        ["said"] = "t",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
