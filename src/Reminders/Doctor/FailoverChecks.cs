using Reminders.Failover;
using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>Whether the database has stepped back, and what is left of it.</summary>
internal static class FailoverChecks
{
    private const string Code = "failover";
    private const string About = "fail-over";

    // Somebody has looked by then, or nobody will.
    private static readonly TimeSpan News = TimeSpan.FromDays(7);

    public static async Task<Finding> LookAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        var last = await LastFailover.ReadAsync(database, cancellationToken);
        var found = last switch
        {
            { IsOver: false } => Finding.Bad(Code, About, last.Said!),
            { IsWatched: false } => Finding.Attention(Code, About, new("found.failover_unwatched"), new("fix.standby")),
            { FoundAt: { } at, Said: { } said } when time.GetUtcNow() - at < News => last.HeldOccurrences
                + last.HeldMessages
                + last.Unplaced
            > 0
                ? Finding.Attention(Code, About, said, Fix.ByCommand(new("fix.failover"), "outbox list"))
                : Finding.Good(Code, About, said),
            _ => Finding.Good(Code, About, new("found.failover_none")),
        };
        return found with { Since = last?.FoundAt };
    }
}
