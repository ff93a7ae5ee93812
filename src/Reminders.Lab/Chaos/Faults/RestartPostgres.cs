using System.Globalization;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Chaos.Faults;

/// <summary>
/// Stops PostgreSQL and starts it again: <c>fast</c> ends its clients' transactions and shuts down cleanly,
/// <c>immediate</c> kills it, and it recovers from its log.
/// </summary>
internal sealed class RestartPostgres(ShutdownMode mode) : IFault
{
    public string Kind => mode == ShutdownMode.Fast ? "pg-fast" : "pg-immediate";

    public async Task StrikeAsync(Victims victims, Random random, CancellationToken cancellationToken)
    {
        var down = random.Between(0, 4);
        if (random.Next(2) == 0)
        {
            await victims.BusiestAsync(cancellationToken);
        }

        await victims.Log.DuringAsync(
            Kind,
            null,
            string.Create(CultureInfo.InvariantCulture, $"down for {down.TotalSeconds:0.0} s"),
            async () =>
            {
                await victims.Postgres.StopAsync(mode);
                await victims.Time.ForAsync(down, cancellationToken);
                await victims.Postgres.StartAgainAsync();
            }
        );
        victims.Recoveries.NoteDatabaseBack(Kind);
    }
}
