using Npgsql;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Doctor;

/// <summary>Whether this process gets a connection at all, out of its own pool.</summary>
internal static class PoolCheck
{
    private const string Code = "pool_exhausted";
    private const string About = "pool";

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private static readonly Fix Enlarge = new(new Sentence("fix.pool"));

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
            return Finding.Bad(Code, About, new("found.pool_empty"), Enlarge) with { Took = time.GetElapsedTime(began) };
        }

        var took = time.GetElapsedTime(began);
        return (
            took < Slow
                ? Finding.Good(Code, About, new("found.pool_good"))
                : Finding.Attention(Code, About, new("found.pool_slow", took.TotalSeconds), Enlarge)
        ) with
        {
            Took = took,
        };
    }

    private static bool IsOfThePool(NpgsqlException exception) => exception.Message.Contains("pool", StringComparison.OrdinalIgnoreCase);
}
