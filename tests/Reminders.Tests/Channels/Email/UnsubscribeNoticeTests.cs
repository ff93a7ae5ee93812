using Microsoft.Extensions.Logging;
using Reminders.Email;

namespace Reminders.Tests.Channels.Email;

/// <summary>Mail without an unsubscribe link is said at start, with the setting that is missing.</summary>
public sealed class UnsubscribeNoticeTests
{
    [Theory]
    [InlineData(null, 1)]
    [InlineData("https://reminders.example.com/", 0)]
    public async Task A_missing_address_of_the_service_is_one_line_at_start(string? url, int lines)
    {
        var log = new Told();
        await new UnsubscribeNotice(new() { PublicUrl = url is null ? null : new Uri(url) }, log).StartAsync(
            TestContext.Current.CancellationToken
        );
        Assert.Equal(lines, log.Lines.Count);
        Assert.All(
            log.Lines,
            line => Assert.StartsWith("Warning: Mail has no unsubscribe link, because PublicUrl is not set", line, StringComparison.Ordinal)
        );
    }

    private sealed class Told : ILogger<UnsubscribeNotice>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
