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
        Finding.Bad("check_late", check.Name, new("found.late", (long)check.Bound.TotalSeconds), new("fix.overloaded"));

    private static Finding Failed(Check check, Exception exception) =>
        Finding.Bad("check_failed", check.Name, new("found.failed", Why(exception)), new("fix.refused"));

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
