using System.Diagnostics;
using Npgsql;
using Reminders.Lab.Nodes;
using Reminders.Lab.Telegram;
using Reminders.Testing.Postgres;

namespace Reminders.Lab.Bench;

/// <summary>The same SIGKILL to one of two workers of a <see cref="PlainQueue"/>, for comparison.</summary>
internal static class PlainQueueKill
{
    public const string Worker = "plain-worker";

    /// <summary>The variable that tells the worker where to post: the bot's token is part of it, which no list of processes should
    /// show.</summary>
    public const string SendMessage = "PlainWorkerSendMessage";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task<KillResult> RunAsync(int count, int inFlight, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var postgres = await LocalPostgres.StartAsync(
            new() { DataDirectory = Path.Combine(Path.GetTempPath(), $"reminders-bench-{Guid.NewGuid():N}"[..24]), Temporary = true },
            cancellationToken
        );
        await using var telegram = await TelegramSimulator.StartAsync(
            new() { EnforceLimits = false, AutoCreateChats = true },
            cancellationToken: cancellationToken
        );
        var connectionString = await postgres.CreateDatabaseAsync("plain");
        await using var database = NpgsqlDataSource.Create(connectionString);
        var queue = new PlainQueue(database);
        await queue.FillAsync(count, cancellationToken);
        var sendMessage = new Uri($"{telegram.BaseAddress}bot{telegram.Token}/sendMessage");
        using var victim = Start(connectionString, sendMessage, inFlight);
        using var survivor = Start(connectionString, sendMessage, inFlight);
        try
        {
            var quarter = telegram.Record.WaitForAsync(seen => seen.MessageCount >= count / 4, Patience, cancellationToken);
            if (await Task.WhenAny(quarter, survivor.WaitForExitAsync(cancellationToken)) != quarter)
            {
                throw new InvalidOperationException($"A worker of the plain queue ended with code {survivor.ExitCode}.");
            }

            victim.Kill();
            var (killed, before) = (time.GetUtcNow(), telegram.Record.MessageCount);
            await survivor.WaitForExitAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
            return KillResult.Of(count, before, killed, telegram.Record.Messages, []);
        }
        finally
        {
            victim.Kill();
            survivor.Kill();
        }
    }

    private static Process Start(string connectionString, Uri sendMessage, int inFlight)
    {
        var start = Programs.Lab("bench", Worker, "--in-flight", $"{inFlight}");
        start.Environment["ConnectionString"] = connectionString;
        start.Environment[SendMessage] = sendMessage.ToString();
        return Process.Start(start)!;
    }
}
