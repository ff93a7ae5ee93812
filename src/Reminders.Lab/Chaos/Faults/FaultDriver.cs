using Reminders.Testing.Postgres;

namespace Reminders.Lab.Chaos.Faults;

/// <summary>
/// Strikes until it is told to stop. Three lanes side by side, so that a node may die while PostgreSQL restarts and
/// Telegram stammers; within a lane one fault after another, each kind once before any comes again.
/// </summary>
internal static class FaultDriver
{
    private sealed record Lane(double PauseFrom, double PauseTo, IReadOnlyList<IFault> Faults);

    private static readonly Lane[] Lanes =
    [
        new(1, 5, [new KillNode(), new FreezeNode(), new CutDatabase()]),
        new(4, 12, [new RestartPostgres(ShutdownMode.Fast), new RestartPostgres(ShutdownMode.Immediate), new TerminateBackends()]),
        new(1, 5, [new SpoilTelegram()]),
    ];

    public static IReadOnlyList<string> Kinds => [.. Lanes.SelectMany(lane => lane.Faults).Select(fault => fault.Kind)];

    /// <param name="only">Only this kind; null for all.</param>
    public static Task RunAsync(Victims victims, int seed, string? only, CancellationToken cancellationToken) =>
        Task.WhenAll(
            Lanes
                .Select(lane => lane with { Faults = [.. lane.Faults.Where(fault => only is null || fault.Kind == only)] })
                .Select((lane, index) => RunAsync(lane, victims, new Random(HashOf(seed, index)), cancellationToken))
        );

    private static async Task RunAsync(Lane lane, Victims victims, Random random, CancellationToken cancellationToken)
    {
        var bag = new Queue<IFault>();
        while (lane.Faults.Count > 0)
        {
            await victims.Time.ForAsync(random.Between(lane.PauseFrom, lane.PauseTo), cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            if (bag.Count == 0)
            {
                IFault[] shuffled = [.. lane.Faults];
                random.Shuffle(shuffled);
                bag = new(shuffled);
            }
            await bag.Dequeue().StrikeAsync(victims, random, cancellationToken);
        }
    }

    // Neighbouring seeds must not give neighbouring lanes.
    private static int HashOf(int seed, int lane) => unchecked(seed * 397 ^ (lane + 1) * 1_000_003);
}
