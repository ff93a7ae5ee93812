using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Settings;

namespace Reminders.Email;

/// <summary>Says at start, once, that mail goes out without an unsubscribe link: large receivers take that for spam.</summary>
internal sealed partial class UnsubscribeNotice(RemindersOptions options, ILogger<UnsubscribeNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.PublicUrl is null)
        {
            LogNoLink();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        3501,
        LogLevel.Warning,
        "Mail has no unsubscribe link, because PublicUrl is not set: the https address where people reach this service, such "
            + "as https://reminders.example.com/"
    )]
    private partial void LogNoLink();
}
