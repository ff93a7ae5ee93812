namespace Reminders.Web.Api;

/// <summary>The doctor's endpoint in words.</summary>
internal static class DoctorTexts
{
    public static readonly EndpointText Look = new(
        "LookAround",
        "Is everything there, and does it agree?",
        """
        What the command line's `doctor` finds, as this node sees it: schema and indexes, clocks and nodes, Quartz's triggers, leases, what
        is overdue or waits for a person, channels, and what the providers say of the tokens. `health` is the worst of all findings: `good`,
        `attention` (somebody should look; nothing is broken) or `bad`. A finding's `code` is what was asked and stays the same in every
        build, whatever the answer; `since` is since when it is so, where that is known; `fix` is what to do, with the line to copy
        (`command`) or the statements to read and run (`sql`). What people read (`about`, `says`, `text`) is in English or Russian, by
        `Accept-Language`, and `said` has each sentence's code and values. Counts end at 10,000. A check that failed is a finding too (`check_failed`,
        `check_late`). The answer is 200 whatever is found; `doctor --deep` also reads whole tables.
        """
    );
}
