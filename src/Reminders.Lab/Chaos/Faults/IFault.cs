using Npgsql;
using Reminders.Lab.Telegram;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Chaos.Faults;

/// <summary>One way in which things go wrong. Everything it chooses comes from the given Random, so a seed is a script.</summary>
internal interface IFault
{
    /// <summary>What <c>--only</c> and the report call it.</summary>
    string Kind { get; }

    /// <summary>Breaks something and mends it again before it returns, also when it is cancelled.</summary>
    Task StrikeAsync(Victims victims, Random random, CancellationToken cancellationToken);
}

/// <summary>What faults are done to.</summary>
/// <param name="Admin">Straight to PostgreSQL, past every proxy, without a pool.</param>
internal sealed record Victims(
    IReadOnlyList<ChaosNode> Nodes,
    LocalPostgres Postgres,
    NpgsqlDataSource Admin,
    TelegramSimulator Telegram,
    FaultLog Log,
    Recoveries Recoveries,
    TimeProvider Time
);

internal static class Aim
{
    /// <summary>
    /// A node to hit. Every second time one that has messages in hand, at a moment when it has: most moments of a run are
    /// idle, and a fault proves most in the middle of something.
    /// </summary>
    public static async Task<ChaosNode> AtNodeAsync(this Victims victims, Random random, CancellationToken cancellationToken)
    {
        var node = random.OneOf(victims.Nodes);
        if (random.Next(2) == 0)
        {
            return node;
        }

        return await victims.BusiestAsync(cancellationToken) is { } busy ? victims.Nodes.First(other => other.Label == busy) : node;
    }

    /// <summary>Waits until some node has messages in hand, some seconds at most.</summary>
    public static async Task<string?> BusiestAsync(this Victims victims, CancellationToken cancellationToken)
    {
        var until = victims.Time.GetUtcNow() + TimeSpan.FromSeconds(5);
        try
        {
            await using var connection = await victims.Admin.OpenConnectionAsync(CancellationToken.None);
            await using var busiest = new NpgsqlCommand(
                """
                SELECT split_part(leased_by, '-', 1) FROM reminders.under_way
                GROUP BY 1 HAVING count(*) > 2 ORDER BY count(*) FILTER (WHERE send_started_at IS NULL) DESC LIMIT 1
                """,
                connection
            );
            while (victims.Time.GetUtcNow() < until && !cancellationToken.IsCancellationRequested)
            {
                if (await busiest.ExecuteScalarAsync(CancellationToken.None) is string node)
                {
                    return node;
                }

                await victims.Time.ForAsync(TimeSpan.FromMilliseconds(20), cancellationToken);
            }
        }
        catch (Exception exception) when (Outage.IsOne(exception, cancellationToken))
        {
            // PostgreSQL is away: then any moment is as good.
        }
        return null;
    }
}

internal static class Outage
{
    /// <summary>
    /// Whether this is the database being away, which a harness that takes it away has to expect. Npgsql's time-out while
    /// connecting can surface as a cancellation that nobody asked for.
    /// </summary>
    public static bool IsOne(Exception exception, CancellationToken cancellationToken) =>
        exception is NpgsqlException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested;
}

internal static class Chance
{
    public static TimeSpan Between(this Random random, double fromSeconds, double toSeconds) =>
        TimeSpan.FromSeconds(fromSeconds + (toSeconds - fromSeconds) * random.NextDouble());

    public static T OneOf<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>Waits, or is cut short: a fault has to be mended either way.</summary>
    public static async Task ForAsync(this TimeProvider time, TimeSpan span, CancellationToken cancellationToken) =>
        await Task.Delay(span, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
