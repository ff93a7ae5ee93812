using System.Globalization;
using Npgsql;
using Reminders.Storage;

namespace Reminders.Doctor;

/// <summary>Whether this process gets a connection at all, out of its own pool.</summary>
internal static class PoolCheck
{
    private const string Code = "pool_exhausted";
    private const string About = "pool";

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private static readonly Fix Enlarge = new(
        "Who keeps them shows pg_stat_activity; else give ConnectionString a larger Maximum Pool Size, or take load off this node."
    );

    /// <returns>Bad where there is none to look with.</returns>
    /// <exception cref="NpgsqlException">The database cannot be used.</exception>
    public static async Task<Finding> LookAsync(Database database, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
        }
        catch (NpgsqlException exception) when (exception is { InnerException: TimeoutException } && IsOfThePool(exception))
        {
            return Finding.Bad(Code, About, "every connection of this process is in use, so nothing could be looked at.", Enlarge) with
            {
                Took = time.GetElapsedTime(began),
            };
        }

        var took = time.GetElapsedTime(began);
        var waited = string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0} s");
        return (
            took < Slow
                ? Finding.Good(Code, About, "a connection is to be had at once.")
                : Finding.Attention(Code, About, $"a connection was to be had only after {waited}.", Enlarge)
        ) with
        {
            Took = took,
        };
    }

    private static bool IsOfThePool(NpgsqlException exception) => exception.Message.Contains("pool", StringComparison.OrdinalIgnoreCase);
}
