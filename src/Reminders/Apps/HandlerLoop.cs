using System.Data;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Reminders.Channels;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Apps;

/// <summary>A line that waits for the app: what it is to be told, and how often that failed.</summary>
internal readonly record struct WaitingLine<TTold>(long Id, int Attempts, TTold Told);

/// <summary>
/// Tells the app's handlers what waits for them: the line that says what to tell is deleted in the transaction that the handlers write
/// in, so that each is handled once, whoever dies when.
/// </summary>
/// <param name="what">In an operator's words.</param>
/// <param name="pulse">Of the loop.</param>
/// <param name="table">Where the lines are.</param>
/// <param name="atOnce">How many a node tells at once. Of one subject there is one at a time.</param>
internal abstract class HandlerLoop<TTold>(
    string what,
    string pulse,
    string table,
    int atOnce,
    Database database,
    LoopWatch loops,
    Outages outages,
    TimeProvider time
) : BackgroundService
{
    private const int MostAttempts = 10;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    protected Database Database { get; } = database;

    protected TimeProvider Time { get; } = time;

    private readonly string _done = $"DELETE FROM reminders.{table} WHERE id = $1";
    private readonly string _putOff = $"""
        UPDATE reminders.{table}
        SET attempts = $3, due_at = clock_timestamp() + $4, trouble = $5, died_at = CASE WHEN $6 THEN clock_timestamp() END
        WHERE id = $1 AND attempts = $2
        """;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(1, atOnce).Select(number => TellAllAsync(number, stoppingToken)));

    private async Task TellAllAsync(int number, CancellationToken stoppingToken)
    {
        var heart = loops.Add(number == 1 ? pulse : string.Create(CultureInfo.InvariantCulture, $"{pulse} {number}"), Longest);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var told = await TellNextAsync(stoppingToken);
                heart.Beat();
                outages.Works(what);
                if (told)
                {
                    continue;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                outages.Failed(what, exception);
            }

            await Task.Delay(Poll, Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether there was one.</returns>
    internal async Task<bool> TellNextAsync(CancellationToken cancellationToken)
    {
        await AskAsync(cancellationToken);
        await using var connection = await Database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Database.BeganAsync(connection, cancellationToken);
        if (await NextAsync(connection, cancellationToken) is not { } next)
        {
            return false;
        }

        try
        {
            // The engine's statements are planned without it; the app's are the app's.
            await using (var plain = Database.CreateCommand("SET LOCAL enable_seqscan = on", connection))
            {
                await plain.ExecuteNonQueryAsync(cancellationToken);
            }

            await HandleAsync(next.Told, transaction, cancellationToken);
            await using var done = Database.CreateCommand(_done, connection).With(next.Id);
            await done.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        // Whatever it says: a time-out of the app's own is no outage of the database, whose connection is there.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && connection.State == ConnectionState.Open)
        {
            await transaction.RollbackAsync(cancellationToken);
            await PutOffAsync(connection, next, exception, cancellationToken);
        }

        return true;
    }

    /// <summary>Whatever has to be said before anything waits.</summary>
    protected virtual Task AskAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <returns>The next line, locked; null where there is none.</returns>
    protected abstract Task<WaitingLine<TTold>?> NextAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Calls the handlers, in a scope of the app's.</summary>
    protected abstract Task HandleAsync(TTold told, NpgsqlTransaction transaction, CancellationToken cancellationToken);

    /// <summary>It is told again after a while.</summary>
    protected abstract void SayFailed(Exception exception, int attempts, TTold told, TimeSpan wait);

    /// <summary>It is left alone until somebody says otherwise.</summary>
    protected abstract void SayGivenUp(Exception exception, int attempts, TTold told);

    private async Task PutOffAsync(
        NpgsqlConnection connection,
        WaitingLine<TTold> next,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        var attempts = next.Attempts + 1;
        var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempts) / 2, 300));
        await using var putOff = Database
            .CreateCommand(_putOff, connection)
            .With(next.Id, next.Attempts, attempts, wait, OutsideText.Clean(exception.Message), attempts >= MostAttempts);
        await putOff.ExecuteNonQueryAsync(cancellationToken);
        if (attempts >= MostAttempts)
        {
            SayGivenUp(exception, attempts, next.Told);
        }
        else
        {
            SayFailed(exception, attempts, next.Told, wait);
        }
    }
}
