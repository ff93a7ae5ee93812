namespace Reminders.Words;

/// <summary>What doctor finds of the schema, the server, the nodes, and of firing.</summary>
internal static class EnglishCluster
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        // Whatever became of the look itself.
        ["found.late"] = "could not be looked at within {0} s, so nobody knows.",
        ["found.failed"] = "could not be looked at, so nobody knows: {0}.",
        // The schema.
        ["found.scripts_missing"] = "lacks {0} scripts of this build ({1}).",
        ["found.schema_newer"] =
            "is of a newer build ({0}), which works beside this one; only that build can say whether all of it is there.",
        ["found.schema_agrees"] = "is this build's: every table, index, constraint, function and view of the engine and of Quartz.",
        ["found.schema_differs"] = "{0}.",
        ["found.schema_refused"] = "{0}",
        // The server and its connections.
        ["found.slow_settings"] = "PostgreSQL is slower than it need be. {0}.",
        ["found.good_settings"] = "nothing in PostgreSQL's settings costs speed.",
        ["found.better_settings"] = "nothing in PostgreSQL's settings costs much speed. Better still: {0}.",
        ["found.setting_costs"] = "{0} is {1}: {2}",
        ["found.setting_better"] = "{0} is {1}, {2}",
        ["found.costs_dead_rows"] = "dead rows are never cleared, and every statement reads past them",
        ["found.costs_no_counts"] = "autovacuum does not see what it has to clear",
        ["found.costs_log"] = "each statement is written to the server's log",
        ["found.costs_log_of_writes"] = "each statement that writes is written to the server's log",
        ["found.costs_scans"] = "what is due is looked for in whole tables",
        ["found.costs_joins"] = "a few rows are joined by reading whole tables",
        ["found.better_memory"] = "a quarter of the machine's memory",
        ["found.better_wal"] = "4GB, so that a burst does not wait for checkpoints",
        ["found.pool_empty"] = "every connection of this process is in use, so nothing could be looked at.",
        ["found.pool_good"] = "a connection is to be had at once.",
        ["found.pool_slow"] = "a connection was to be had only after {0:0.0} s.",
        ["found.connections"] = "{0} of the {1:@whose}'s {2} connections are used[ ({3})].",
        ["found.xmin_free"] = "nobody keeps dead rows from being cleared.",
        ["found.xmin_held"] = "{0} keeps dead rows from being cleared; every look at what is due reads past them.",
        ["found.xmin_transaction"] = "the transaction of {0} ({1}, process {2}, {3})",
        ["found.xmin_a_session"] = "a session",
        ["found.xmin_prepared"] = "the prepared transaction {0}",
        ["found.xmin_slot"] = "the replication slot {0}, which nobody uses,",
        ["found.no_bloat"] = "no table has more dead rows than live ones.",
        ["found.bloat"] = "{0} has {1} dead rows beside {2}, and was last vacuumed at {3}.",
        ["found.bloat_never"] = "{0} has {1} dead rows beside {2}, and was last vacuumed never.",
        // Clocks and nodes.
        ["found.clock_agrees"] = "of {0} agrees with the database's.",
        ["found.clock_off"] = "of {0} is {1:+0.0;-0.0} s off the database's.",
        ["found.clock_halts"] = "of {0} is {1:+0.0;-0.0} s off the database's: Quartz stands by there, and the reconciler fires.",
        ["found.clocks_off"] = "of every node is off: it may be the database's that is wrong. Reminders go by the database's.",
        ["found.this_machine"] = "this machine",
        ["found.no_node"] = "none runs: nothing is sent until one is started with serve.",
        ["found.nodes_run"] = "{0:# runs|# run}: {1}.",
        ["found.node_silent"] = "{0} was last seen {1} s ago: it was killed, or cannot reach the database.",
        ["found.loops_hang"] = "of {0} hang: {1}.",
        ["found.rows_aside"] = "that the database refuses are left alone by {0}: {1}.",
        ["found.aside"] = "{0}: {1} (the last with SQLSTATE {2})",
        ["found.deaf"] = "of {0} hears nothing (a pooler by the transaction?): it polls, and is slower.",
        ["found.builds_differ"] = "run different builds: {0}.",
        // Whether the database has stepped back.
        ["found.failover_none"] = "none has lost commits.",
        ["found.failover_unwatched"] = "that loses commits would not be noticed: the server does not say which one it is.",
        ["found.failover_open"] = "found at {0} ({1}): nothing is sent until it is known what was. Waits for {2}.",
        ["found.failover_over"] =
            "found at {0} ({1}): {2} put back[; of {3} that were sent the reminders themselves are lost, and an app that asks"
            + " again sends again], nothing held.",
        ["found.failover_held"] =
            "found at {0} ({1}): {2} put back[; of {3} that were sent the reminders themselves are lost, and an app that asks"
            + " again sends again]; {4} ran then, and what they sent is not known: {5} reminders are held (hold release), and "
            + "{6} messages are in doubt (outbox list).",
        ["found.nodes_unknown"] = "nodes that may not be known yet",
        // Firing and Quartz.
        ["found.nothing_overdue"] = "nothing is overdue.",
        ["found.overdue"] = "{0:# reminder is|# reminders are} overdue by more than 10 seconds.",
        ["found.triggers_complete"] = "Quartz holds {0:# trigger|# triggers}, and every planned reminder's instant has one.",
        ["found.triggers_missing"] = "{0:# instant has|# instants have} no Quartz trigger ({1}).",
        ["found.no_trigger_failed"] = "none is in error.",
        ["found.trigger_failed"] = "{0:# is|# are} in Quartz's state ERROR: no node could make their job.",
        ["found.no_trigger_late"] = "none is late.",
        ["found.trigger_late"] = "{0:# is|# are} late by more than {1} minutes ({2}).",
        ["found.no_trigger_held"] = "none is held by a node that is gone.",
        ["found.trigger_held"] = "{0:# is|# are} held by {1}, which does not check in any more.",
        ["found.no_scheduler"] = "nobody else's is on Quartz's tables.",
        ["found.scheduler_alone"] =
            "{0} holds {1:# trigger|# triggers} and never checked in: it is not clustered, and takes what the nodes have for its own.",
        ["found.scheduler_foreign"] = "'{0}' keeps jobs in Quartz's tables, which are this installation's.",
        ["found.zones_well"] = "every waiting message's times can be told.",
        ["found.zones_guessed"] = "{0:# message waits|# messages wait}, since their times would be guessed: {1}.",
        ["found.kinds_known"] = "everything open is of a configured kind.",
        ["found.kinds_gone"] = "are open but not configured any more, so nobody sends them: {0}.",
        ["found.kind_open"] = "{0} ({1:#|#})",
        ["found.kinds_open"] = "no kind is paused.",
        ["found.kind_paused"] = "{0} {1}.",
    };
}
