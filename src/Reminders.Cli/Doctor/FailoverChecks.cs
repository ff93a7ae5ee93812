using Reminders.Failover;
using Reminders.Storage;

namespace Reminders.Cli.Doctor;

/// <summary>Whether the database has stepped back, and what is left of it.</summary>
internal static class FailoverChecks
{
    // Somebody has looked by then, or nobody will.
    private static readonly TimeSpan News = TimeSpan.FromDays(7);

    public static async Task<Finding> LookAsync(Database database, TimeProvider time, CancellationToken cancellationToken) =>
        await LastFailover.ReadAsync(database, cancellationToken) switch
        {
            { IsOver: false } last => Finding.Bad("fail-over", last.Says!),
            { IsWatched: false } => Finding.Attention(
                "fail-over",
                "that loses commits would not be noticed: the server does not say which one it is. Its standby should be synchronous."
            ),
            { FoundAt: { } found, Says: { } says } last when time.GetUtcNow() - found < News => last.HeldOccurrences
                + last.HeldMessages
                + last.Unplaced
            > 0
                ? Finding.Attention("fail-over", says)
                : Finding.Good("fail-over", says),
            _ => Finding.Good("fail-over", "none has lost commits."),
        };
}
