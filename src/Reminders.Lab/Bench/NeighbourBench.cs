using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Reminders.Lab.Telegram;
using Reminders.Telegram;

namespace Reminders.Lab.Bench;

/// <param name="Loud">Messages of the one tenant, all due at once.</param>
/// <param name="Seconds">At most so long beside them.</param>
internal sealed record NeighbourSettings(int Loud, int Seconds);

/// <param name="Alone">A confirmation of the other tenant, from its commit to its arrival, while nobody else is there.</param>
/// <param name="Beside">The same while the loud one sends.</param>
/// <param name="SentByLoud">What the loud one sent meanwhile.</param>
/// <param name="Sessions">Of the server's, that the other one holds while the loud one does nothing.</param>
internal sealed record NeighbourResult(NeighbourSettings Settings, Latency Alone, Latency Beside, long SentByLoud, long Sessions)
{
    /// <summary>What is promised: less than two seconds more.</summary>
    public bool IsKept => Beside.MaxMs - Alone.P50Ms < 2000;
}

/// <summary>
/// Two tenants, each an installation of its own, in one process on one database: one has very many messages due at once, without a limit
/// to slow it down, and the other asks for one confirmation after another.
/// </summary>
internal sealed class NeighbourBench(NeighbourSettings settings, TimeProvider time)
{
    private const string Quiet = "quiet";
    private const string Channel = "telegram";
    private const int First = 20;
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(-5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private int _asked;

    public async Task<NeighbourResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var postgres = await BenchServer.StartAsync(cancellationToken);
        var connectionString = await postgres.CreateDatabaseAsync("bench");
        await using var loud = await SimulatorAsync("1:LOUD", cancellationToken);
        await using var quiet = await SimulatorAsync("2:QUIET", cancellationToken);
        using var host = Host(connectionString, loud, quiet);
        await host.StartAsync(cancellationToken);
        try
        {
            var reminders = host.Services.GetRequiredKeyedService<IReminders>(Quiet);
            // The first ones compile the way there.
            await AskAsync(reminders, quiet, First, TimeSpan.MaxValue, cancellationToken);
            var alone = await AskAsync(reminders, quiet, First, TimeSpan.MaxValue, cancellationToken);
            await using var database = new NpgsqlDataSourceBuilder(connectionString).Build();
            var sessions = await SessionsAsync(database, cancellationToken);
            await BulkBookings.WriteAsync(database, settings.Loud, "CONFIRM_2H", Overdue, queued: false, cancellationToken);
            await loud.Record.WaitForAsync(record => record.MessageCount > 0, Patience, cancellationToken);
            var before = loud.Record.MessageCount;
            var beside = await AskAsync(
                reminders,
                quiet,
                int.MaxValue,
                TimeSpan.FromSeconds(settings.Seconds),
                cancellationToken,
                until: () => loud.Record.MessageCount >= settings.Loud
            );
            return new(settings, Latency.Of(alone), Latency.Of(beside), loud.Record.MessageCount - before, sessions);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private async Task<List<TimeSpan>> AskAsync(
        IReminders reminders,
        TelegramSimulator telegram,
        int count,
        TimeSpan atMost,
        CancellationToken cancellationToken,
        Func<bool>? until = null
    )
    {
        var began = time.GetTimestamp();
        var waits = new List<TimeSpan>();
        while (waits.Count < count && time.GetElapsedTime(began) < atMost && until?.Invoke() is not true)
        {
            var chat = ++_asked;
            await reminders.ApplyAsync(
                new(
                    "slot",
                    $"{chat}",
                    "approved",
                    time.GetUtcNow().AddHours(1),
                    [new("candidate", new($"{chat}", "Anna", Addresses: new Dictionary<string, string> { [Channel] = $"{chat}" }))]
                ),
                cancellationToken
            );
            var committed = time.GetUtcNow();
            await telegram.Record.WaitForAsync(record => record.MessagesTo(chat).Count > 0, Patience, cancellationToken);
            var wait = telegram.Record.MessagesTo(chat)[0].ArrivedAt - committed;
            waits.Add(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        }

        return waits;
    }

    private static async Task<long> SessionsAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'reminders {Quiet}'"
        );
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static Task<TelegramSimulator> SimulatorAsync(string token, CancellationToken cancellationToken) =>
        TelegramSimulator.StartAsync(
            new()
            {
                EnforceLimits = false,
                AutoCreateChats = true,
                Token = token,
            },
            cancellationToken: cancellationToken
        );

    private static IHost Host(string connectionString, TelegramSimulator loud, TelegramSimulator quiet)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        foreach (var section in (string[])["Reminders", $"Reminders:Installations:{Quiet}"])
        {
            builder.Configuration.AddInMemoryCollection([
                new($"{section}:Outbox:Limits:{Channel}:PerSecond", "0"),
                new($"{section}:Outbox:Limits:{Channel}:PerRecipientInterval", "0"),
            ]);
        }

        // The one without a name has the schema that the bulk is written to.
        builder
            .Services.AddReminders(builder.Configuration)
            .UsePostgres($"{connectionString};Maximum Pool Size=30")
            .AddTelegram(bot => (bot.BotToken, bot.ApiBaseUrl) = (loud.Token, loud.BaseAddress));
        builder
            .Services.AddReminders(Quiet, builder.Configuration)
            .UsePostgres($"{connectionString};Maximum Pool Size=30")
            .AddTelegram(bot => (bot.BotToken, bot.ApiBaseUrl) = (quiet.Token, quiet.BaseAddress))
            .WithoutShippedKinds()
            .AddKind(
                "ASK",
                kind =>
                {
                    (kind.Subject, kind.On, kind.To) = ("slot", "approved", "candidate");
                    kind.Templates["en"] = new() { ["text"] = "Will you be there?" };
                }
            );
        return builder.Build();
    }
}
