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
            { IsOver: false } => Finding.Bad(Code, About, last.Says!),
            { IsWatched: false } => Finding.Attention(
                Code,
                About,
                "that loses commits would not be noticed: the server does not say which one it is.",
                new("Make its standby synchronous.")
            ),
            { FoundAt: { } at, Says: { } says } when time.GetUtcNow() - at < News => last.HeldOccurrences
                + last.HeldMessages
                + last.Unplaced
            > 0
                ? Finding.Attention(
                    Code,
                    About,
                    says,
                    Fix.ByCommand("Look at what is held, and let it go where nobody has had it.", "outbox list")
                )
                : Finding.Good(Code, About, says),
            _ => Finding.Good(Code, About, "none has lost commits."),
        };
        return found with { Since = last?.FoundAt };
    }
}
