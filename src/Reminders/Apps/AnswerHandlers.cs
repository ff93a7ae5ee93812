using System.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Hosting;
using Reminders.Nodes;
using Reminders.Settings;
using Reminders.Storage;

namespace Reminders.Apps;

/// <summary>A handler that the app added.</summary>
internal sealed record AddedHandler(Type Type);

/// <summary>
/// Tells the app's handlers of answers, one after another: the line that says what to tell is deleted in the transaction that the
/// handlers write in, so that each answer is handled once, whoever dies when.
/// </summary>
internal sealed partial class AnswerHandlers(
    Database database,
    AppServices app,
    IEnumerable<AddedHandler> handlers,
    InstallationName installation,
    LoopWatch loops,
    Outages outages,
    TimeProvider time,
    ILogger<AnswerHandlers> logger
) : BackgroundService
{
    private const string What = "Telling the app of answers";
    private const int MostAttempts = 10;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pulse = loops.Add("tell the app of answers", Longest);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var told = await TellNextAsync(stoppingToken);
                pulse.Beat();
                outages.Works(What);
                if (told)
                {
                    continue;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                outages.Failed(What, exception);
            }

            await Task.Delay(Poll, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether there was one.</returns>
    internal async Task<bool> TellNextAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await database.BeganAsync(connection, cancellationToken);
        if (await NextAsync(connection, cancellationToken) is not { } next)
        {
            return false;
        }

        try
        {
            // The engine's statements are planned without it; the app's are the app's.
            await using (var plain = database.CreateCommand("SET LOCAL enable_seqscan = on", connection))
            {
                await plain.ExecuteNonQueryAsync(cancellationToken);
            }

            await HandleAsync(next.Answer, transaction, cancellationToken);
            await using var done = database.CreateCommand("DELETE FROM reminders.answer_event WHERE id = $1", connection).With(next.Id);
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

    private async Task<(long Id, int Attempts, Answer Answer)?> NextAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var find = database.CreateCommand(Statement.Named("Apps/Sql/next-answer.sql"), connection);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (
                reader.GetInt64(0),
                reader.GetInt32(1),
                new(
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetString(4),
                    reader.GetInt64(5),
                    Choice: reader.GetString(6),
                    Status: reader.GetString(7),
                    Way: reader.GetString(8),
                    reader.GetFieldValue<DateTimeOffset>(9),
                    Kind: reader.IsDBNull(10) ? null : reader.GetString(10),
                    Recipient: reader.IsDBNull(11) ? null : reader.GetString(11),
                    Installation: installation.Value
                )
            )
            : null;
    }

    private async Task HandleAsync(Answer answer, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var scope = app.Own.CreateAsyncScope();
        foreach (var handler in handlers)
        {
            var one = (IAnswerHandler)ActivatorUtilities.GetServiceOrCreateInstance(scope.ServiceProvider, handler.Type);
            await one.OnAnswerAsync(answer, transaction, cancellationToken);
        }
    }

    private async Task PutOffAsync(
        NpgsqlConnection connection,
        (long Id, int Attempts, Answer Answer) next,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        var attempts = next.Attempts + 1;
        var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempts) / 2, 300));
        await using var putOff = database
            .CreateCommand(
                """
                UPDATE reminders.answer_event
                SET attempts = $3, due_at = clock_timestamp() + $4, trouble = $5, died_at = CASE WHEN $6 THEN clock_timestamp() END
                WHERE id = $1 AND attempts = $2
                """,
                connection
            )
            .With(next.Id, next.Attempts, attempts, wait, OutsideText.Clean(exception.Message), attempts >= MostAttempts);
        await putOff.ExecuteNonQueryAsync(cancellationToken);
        if (attempts >= MostAttempts)
        {
            LogGivenUp(exception, attempts, next.Answer.Type, OutsideText.Clean(next.Answer.Key));
        }
        else
        {
            LogFailed(exception, attempts, next.Answer.Type, OutsideText.Clean(next.Answer.Key), wait);
        }
    }

    [LoggerMessage(8101, LogLevel.Warning, "The app's handler failed {Attempts} times on the answer about {Type} {Key}; again in {Wait}")]
    private partial void LogFailed(Exception exception, int attempts, string type, string key, TimeSpan wait);

    [LoggerMessage(
        8102,
        LogLevel.Error,
        "The app's handler failed {Attempts} times on the answer about {Type} {Key}, which is left alone until RetryAnswers is sent"
    )]
    private partial void LogGivenUp(Exception exception, int attempts, string type, string key);
}
