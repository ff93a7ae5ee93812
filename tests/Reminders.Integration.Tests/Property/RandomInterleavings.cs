namespace Reminders.Integration.Tests.Property;

/// <summary>
/// Random interleavings of everything that can happen to a few bookings, over one real database. Whatever the order: an
/// identity arrives once, nothing begins for a version that is not current, and nothing is left that nobody will move.
/// Two seeds are fixed and one is new in each run. Every run prints its seed, every failure too; REMINDERS_SEED repeats the
/// choices (with several actors, not the machine's timing).
/// </summary>
public sealed class RandomInterleavings(Postgres postgres)
{
    private static readonly int? Given = int.TryParse(Environment.GetEnvironmentVariable("REMINDERS_SEED"), out var seed) ? seed : null;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(null)]
    public async Task One_actor_after_another_keeps_every_invariant_after_each_step(int? fixedSeed)
    {
        var seed = SeedOf(fixedSeed);
        await using var world = await World.CreateAsync(postgres, bookings: 4);
        for (var round = 0; round < 5; round++)
        {
            var actors = Actors(world, seed, round, 3);
            var order = new Random(seed * 1000 + round);
            for (var step = 0; step < 100; step++)
            {
                await actors[order.Next(actors.Length)].StepAsync();
                await CheckAsync(world, seed, Audit.Always);
            }
            await RestAsync(world, seed);
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(null)]
    public async Task Actors_at_the_same_time_keep_every_invariant(int? fixedSeed)
    {
        var seed = SeedOf(fixedSeed);
        await using var world = await World.CreateAsync(postgres, bookings: 10);
        for (var round = 0; round < 8; round++)
        {
            await Task.WhenAll(
                Actors(world, seed, round, 6)
                    .Select(async actor =>
                    {
                        for (var step = 0; step < 40; step++)
                        {
                            await actor.StepAsync();
                            await CheckAsync(world, seed, Audit.Always);
                        }
                    })
            );
            await RestAsync(world, seed);
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{world.Begun.Count} sends began, {world.Begun.Count(send => send.Arrived)} arrived, {Actor.Deadlocks} deadlocks"
        );
        Assert.True(world.Begun.Count(send => send.Arrived) > 40, $"Too little happened to mean anything (seed {seed}).");
    }

    private static int SeedOf(int? fixedSeed)
    {
        // Above the fixed ones, and small enough for what is made of it below.
        var seed = Given ?? fixedSeed ?? Random.Shared.Next(100, 100_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"REMINDERS_SEED={seed}");
        return seed;
    }

    private static Actor[] Actors(World world, int seed, int round, int count) =>
        [.. Enumerable.Range(0, count).Select(n => new Actor(world, seed * 10_000 + round * 100 + n, $"r{round}a{n}"))];

    private static async Task RestAsync(World world, int seed)
    {
        await Rest.ComeToAsync(world);
        await CheckAsync(world, seed, Audit.Always);
        await CheckAsync(world, seed, Audit.AtRest);
        Fail(seed, world, [.. await Rest.BrokenFacesAsync(world), .. await world.SettledForAnotherAsync()]);
    }

    private static async Task CheckAsync(World world, int seed, string query) =>
        Fail(
            seed,
            world,
            [
                .. await world.Cluster.ScalarAsync<string[]>($"SELECT coalesce(array_agg(what), '{{}}') FROM ({query}) t (what)"),
                .. world.Broken,
            ]
        );

    private static void Fail(int seed, World world, IReadOnlyList<string> broken)
    {
        if (broken.Count > 0)
        {
            Assert.Fail(
                $"REMINDERS_SEED={seed} breaks:\n  {string.Join("\n  ", broken)}\nafter\n  {string.Join("\n  ", world.Trace.TakeLast(60))}"
            );
        }
    }
}
