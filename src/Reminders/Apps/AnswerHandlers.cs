using Microsoft.Extensions.DependencyInjection;
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

/// <summary>Tells the app's handlers of answers, one after another.</summary>
internal sealed partial class AnswerHandlers(
    Database database,
    AppServices app,
    IEnumerable<AddedHandler> handlers,
    InstallationName installation,
    LoopWatch loops,
    Outages outages,
    TimeProvider time,
    ILogger<AnswerHandlers> logger
) : HandlerLoop<Answer>("Telling the app of answers", "tell the app of answers", "answer_event", atOnce: 1, database, loops, outages, time)
{
    protected override async Task<WaitingLine<Answer>?> NextAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var find = Database.CreateCommand(Statement.Named("Apps/Sql/next-answer.sql"), connection);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
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

    protected override async Task HandleAsync(Answer told, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var scope = app.Own.CreateAsyncScope();
        foreach (var handler in handlers)
        {
            var one = (IAnswerHandler)ActivatorUtilities.GetServiceOrCreateInstance(scope.ServiceProvider, handler.Type);
            await one.OnAnswerAsync(told, transaction, cancellationToken);
        }
    }

    protected override void SayFailed(Exception exception, int attempts, Answer told, TimeSpan wait) =>
        LogFailed(exception, attempts, told.Type, OutsideText.Clean(told.Key), wait);

    protected override void SayGivenUp(Exception exception, int attempts, Answer told) =>
        LogGivenUp(exception, attempts, told.Type, OutsideText.Clean(told.Key));

    [LoggerMessage(8101, LogLevel.Warning, "The app's handler failed {Attempts} times on the answer about {Type} {Key}; again in {Wait}")]
    private partial void LogFailed(Exception exception, int attempts, string type, string key, TimeSpan wait);

    [LoggerMessage(
        8102,
        LogLevel.Error,
        "The app's handler failed {Attempts} times on the answer about {Type} {Key}, which is left alone until RetryAnswers is sent"
    )]
    private partial void LogGivenUp(Exception exception, int attempts, string type, string key);
}
