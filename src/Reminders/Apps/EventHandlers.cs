using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Channels;
using Reminders.Hosting;
using Reminders.Nodes;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Apps;

/// <summary>A handler of events that the app added.</summary>
/// <param name="Of">What it hears of.</param>
internal sealed record AddedEventHandler(Type Type, IReadOnlyCollection<ReminderEventType> Of);

/// <summary>
/// Tells the app's handlers what became of its reminders, a few at once. The lines are written as a webhook's are, by whatever ends a
/// message; they are told as answers are.
/// </summary>
internal sealed partial class EventHandlers(
    Database database,
    AppServices app,
    IEnumerable<AddedEventHandler> handlers,
    InstallationName installation,
    LoopWatch loops,
    Outages outages,
    TimeProvider time,
    ILogger<EventHandlers> logger
)
    : HandlerLoop<ReminderEvent>(
        "Telling the app of events",
        "tell the app of events",
        "app_event",
        atOnce: 4,
        database,
        loops,
        outages,
        time
    )
{
    /// <summary>Forgotten by <c>events off</c> after a quarter of an hour, and by the database after a day.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromMinutes(5);

    private readonly AddedEventHandler[] _handlers = [.. handlers];
    private readonly string[] _types = [.. handlers.SelectMany(one => one.Of).Distinct().Select(NameOf)];
    private readonly SemaphoreSlim _asking = new(1);
    private DateTimeOffset _askAt;

    internal static string NameOf(ReminderEventType type) => $"message.{type.ToString().ToLowerInvariant()}";

    protected override async Task AskAsync(CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (Time.GetUtcNow() >= _askAt)
            {
                await using var ask = Database.CreateCommand("SELECT reminders.hear_events($1)").With([_types]);
                await ask.ExecuteNonQueryAsync(cancellationToken);
                _askAt = Time.GetUtcNow() + AskEvery;
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    protected override async Task<WaitingLine<ReminderEvent>?> NextAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var find = Database.CreateCommand(Statement.Named("Apps/Sql/next-event.sql"), connection).With([_types]);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetInt64(0),
                reader.GetInt32(1),
                new(
                    reader.GetGuid(2),
                    Enum.GetValues<ReminderEventType>().First(type => NameOf(type) == reader.GetString(3)),
                    reader.GetFieldValue<DateTimeOffset>(4),
                    reader.GetString(5),
                    reader.GetString(6),
                    reader.GetString(7),
                    reader.GetInt64(8),
                    Kind: Text(9),
                    Recipient: Text(10),
                    Message: reader.IsDBNull(11) ? null : reader.GetInt64(11),
                    Channel: Text(12),
                    Answer: Text(13),
                    Status: Text(14),
                    Way: Text(15),
                    Reason: Wording.English.Reason(Text(16)),
                    Installation: installation.Value
                )
            )
            : null;

        string? Text(int at) => reader.IsDBNull(at) ? null : reader.GetString(at);
    }

    protected override async Task HandleAsync(ReminderEvent told, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var scope = app.Own.CreateAsyncScope();
        foreach (var handler in _handlers.Where(one => one.Of.Contains(told.Type)))
        {
            var one = (IEventHandler)ActivatorUtilities.GetServiceOrCreateInstance(scope.ServiceProvider, handler.Type);
            await one.OnEventAsync(told, transaction, cancellationToken);
        }
    }

    protected override void SayFailed(Exception exception, int attempts, ReminderEvent told, TimeSpan wait) =>
        LogFailed(exception, attempts, told.Type, told.SubjectType, OutsideText.Clean(told.Key), wait);

    protected override void SayGivenUp(Exception exception, int attempts, ReminderEvent told) =>
        LogGivenUp(exception, attempts, told.Type, told.SubjectType, OutsideText.Clean(told.Key));

    public override void Dispose()
    {
        _asking.Dispose();
        base.Dispose();
    }

    [LoggerMessage(8103, LogLevel.Warning, "The app's handler failed {Attempts} times on {Event} about {Type} {Key}; again in {Wait}")]
    private partial void LogFailed(Exception exception, int attempts, ReminderEventType @event, string type, string key, TimeSpan wait);

    [LoggerMessage(
        8104,
        LogLevel.Error,
        "The app's handler failed {Attempts} times on {Event} about {Type} {Key}, which is left alone until RetryEvents is sent"
    )]
    private partial void LogGivenUp(Exception exception, int attempts, ReminderEventType @event, string type, string key);
}
