namespace Reminders.Lab.Apps;

/// <summary>What may be entered about a ticket. Pure; each wrong field is named.</summary>
public static class TicketRules
{
    private static readonly TimeSpan ResolutionLead = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan EstimateLead = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(365);

    /// <summary>How short the reason of a rejection may be.</summary>
    public const int ShortestReason = 10;

    /// <summary>Due times lie ahead, at least as far as somebody needs to act on them, and within a year.</summary>
    public static IReadOnlyDictionary<string, string> CheckDue(DateTimeOffset? resolution, DateTimeOffset? estimate, DateTimeOffset now)
    {
        var errors = new Dictionary<string, string>();
        Check("resolution_due", resolution, ResolutionLead);
        Check("estimate_due", estimate, EstimateLead);
        if (!errors.ContainsKey("estimate_due") && estimate > resolution)
        {
            errors["estimate_due"] = $"estimate_due is {estimate:u}, after resolution_due ({resolution:u}).";
        }

        return errors;

        void Check(string field, DateTimeOffset? due, TimeSpan lead)
        {
            if (due <= now)
            {
                errors[field] = $"{field} is {due:u}, which is in the past: it is now {now:u}.";
            }
            else if (due < now + lead)
            {
                errors[field] = $"{field} is {due:u}: it must be at least {lead.TotalMinutes} minutes ahead of now ({now:u}).";
            }
            else if (due > now + Furthest)
            {
                errors[field] = $"{field} is {due:u}, more than a year ahead of now ({now:u}).";
            }
        }
    }

    public static IReadOnlyDictionary<string, string> CheckReason(string? reason) =>
        reason?.Trim().Length >= ShortestReason
            ? new Dictionary<string, string>()
            : new Dictionary<string, string>
            {
                ["reason"] = $"reason has {reason?.Trim().Length ?? 0} characters: at least {ShortestReason} are needed.",
            };
}
