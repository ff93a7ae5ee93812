using Microsoft.Extensions.Logging;
using Reminders.Nodes;
using Reminders.Settings;

namespace Reminders.Hosting;

/// <summary>
/// The app's log, as the engine writes to it. The libraries in the engine write under categories of the engine's
/// (<c>Reminders.Npgsql.Command</c>), so that the app's own levels for them stay what they are; and a step lower, because to
/// them every statement and firing is an Information. While the database is away they are silent: each would say so for each of
/// its tries, with a stack, and <see cref="Nodes.Outages"/> says it once a minute. One of several installations has its name behind each
/// category (<c>Reminders.Outbox.Dispatcher@tenant-a</c>): what an app set for the beginning of a category holds for all of them.
/// </summary>
internal sealed class OwnLoggers(ILoggerFactory app, InstallationName installation) : ILoggerFactory
{
    private const string Own = "Reminders";

    // Its job store may be the first to notice. What it warns of it tries again by itself; what it cannot do is an Error.
    private const string JobStore = "Quartz.Impl.AdoJobStore";

    /// <summary>Known once the engine is made.</summary>
    public Outages? Outages { get; set; }

    public ILogger CreateLogger(string categoryName) =>
        categoryName == Own || categoryName.StartsWith(Own + ".", StringComparison.Ordinal)
            ? app.CreateLogger(installation.In(categoryName, "@"))
            : new OfLibrary(
                app.CreateLogger(installation.In($"{Own}.{categoryName}", "@")),
                this,
                categoryName.StartsWith(JobStore, StringComparison.Ordinal) ? LogLevel.Error : LogLevel.Warning
            );

    /// <summary>They are the app's.</summary>
    public void AddProvider(ILoggerProvider provider) => app.AddProvider(provider);

    /// <summary>It is the app's to dispose of.</summary>
    public void Dispose() { }

    /// <param name="loud">From which level on it says what it says; below, one level lower.</param>
    private sealed class OfLibrary(ILogger logger, OwnLoggers loggers, LogLevel loud) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => logger.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(Heard(logLevel)) && loggers.Outages?.IsDatabaseAway is not true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                logger.Log(Heard(logLevel), eventId, state, exception, formatter);
            }
        }

        private LogLevel Heard(LogLevel level) =>
            level >= loud || level is LogLevel.Trace or LogLevel.None ? level
            : level >= LogLevel.Information ? LogLevel.Debug
            : LogLevel.Trace;
    }
}
