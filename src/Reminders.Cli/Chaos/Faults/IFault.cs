using Npgsql;
using Reminders.Sandbox.Postgres;
using Reminders.Sandbox.Telegram;

namespace Reminders.Cli.Chaos.Faults;

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
    IReadOnlyList<ChaosNode> Nodes, LocalPostgres Postgres, NpgsqlDataSource Admin, TelegramSimulator Telegram, FaultLog Log,
    Recoveries Recoveries, TimeProvider Time);

internal static class Chance
{
    public static TimeSpan Between(this Random random, double fromSeconds, double toSeconds) =>
        TimeSpan.FromSeconds(fromSeconds + (toSeconds - fromSeconds) * random.NextDouble());

    public static T OneOf<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>Waits, or is cut short: a fault has to be mended either way.</summary>
    public static async Task ForAsync(this TimeProvider time, TimeSpan span, CancellationToken cancellationToken) =>
        await Task.Delay(span, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
