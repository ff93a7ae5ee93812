using Npgsql;
using Reminders.Channels;

namespace Reminders.Doctor;

/// <summary>Makes a check that may fail or take too long one that does neither.</summary>
internal static class BoundedCheck
{
    /// <summary>One check, with what it takes; where it fails, that is what is found.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(Check check, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(check.Bound, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var began = time.GetTimestamp();
        IReadOnlyList<Finding> found;
        try
        {
            // Whatever becomes of it, the others are waited for no longer than this.
            found = await check.Look(stop.Token).WaitAsync(check.Bound + TimeSpan.FromSeconds(1), time, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var isLate = late.IsCancellationRequested || exception is TimeoutException;
            found = [isLate ? Late(check) : Failed(check, exception)];
        }

        var took = time.GetElapsedTime(began);
        return [.. found.Select(finding => finding with { Took = took })];
    }

    private static Finding Late(Check check) =>
        Finding.Bad(
            "check_late",
            check.Name,
            $"could not be looked at within {check.Bound.TotalSeconds:0} s, so nobody knows.",
            new("Is the server overloaded, or does somebody hold a lock? pg_stat_activity shows both.")
        );

    private static Finding Failed(Check check, Exception exception) =>
        Finding.Bad(
            "check_failed",
            check.Name,
            $"could not be looked at, so nobody knows: {Why(exception)}.",
            new("What the database refuses is for whoever owns it; anything else is a bug.")
        );

    private static string Why(Exception exception) =>
        OutsideText
            .Clean(
                exception switch
                {
                    PostgresException refusal => $"{refusal.SqlState} {refusal.MessageText}",
                    NpgsqlException away => away.Message,
                    _ => $"{exception.GetType().Name}: {exception.Message}",
                }
            )
            .TrimEnd('.');
}
