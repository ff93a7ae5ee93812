using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Npgsql;
using Reminders.Cli;
using Reminders.Cli.Commands;
using Reminders.Cli.Serving;
using Reminders.Nodes;

namespace Reminders.Integration.Tests.Web;

/// <summary>What the command line prints of others' texts, and takes of secrets.</summary>
public sealed class TerminalTexts
{
    [Fact]
    public void A_name_cannot_forge_a_row_or_command_the_terminal()
    {
        var table = new PlainTable("name", "role");
        table.Add("anna\nroot  operator", "recruiter");
        table.Add("\u001b[2J\u009b1mboris\r\u2028x", "recruiter");
        var lines = table.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(3, lines.Length);
        Assert.Equal("anna root  operator  recruiter", lines[1]);
        Assert.All(lines.SelectMany(line => line), c => Assert.False(char.IsControl(c) || c == '\u2028'));
        Assert.Equal("a \nb", Printing.Lines("a\u001b\nb"));
    }

    [Fact]
    public void A_text_in_the_log_of_serve_can_forge_no_line_and_fill_no_disk()
    {
        const string Evil = "x\nwarn: Reminders.Storage[1]\n      all is well\r\u001b[2J\u2028";
        var written = new StringWriter();
        using var provider = new ServiceCollection().AddLogging().BuildServiceProvider();
        var formatter = new PlainLines(Options(provider), TimeProvider.System);
        var evil = new InvalidOperationException(string.Concat(Enumerable.Repeat(Evil, 10_000)));
        formatter.Write(
            new LogEntry<string>(LogLevel.Error, "Reminders.Outbox", new(3002), Evil + new string('y', 100_000), evil, (text, _) => text),
            null,
            written
        );
        var lines = written.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal("fail: Reminders.Outbox[3002]", lines[0]);
        Assert.InRange(lines.Length, 3, 103);
        Assert.All(lines[1..], line => Assert.StartsWith("      ", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 1010));
        Assert.All(lines.SelectMany(line => line), c => Assert.False(char.IsControl(c) || c == '\u2028'));
    }

    /// <summary>The web host chooses a formatter of its own before anybody is asked.</summary>
    [Theory]
    [InlineData(null, "reminders")]
    [InlineData("json", "json")]
    public async Task The_log_of_serve_is_in_these_lines_unless_the_settings_choose_others(string? set, string used)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([new(PlainLines.Chosen, set)]);
        builder.Logging.AddPlainLines(builder.Configuration);
        await using var app = builder.Build();
        Assert.Equal(used, app.Services.GetRequiredService<IOptionsMonitor<ConsoleLoggerOptions>>().CurrentValue.FormatterName);
    }

    [Fact]
    public void An_outage_of_the_database_is_told_without_a_stack_however_deep_it_is_wrapped()
    {
        Assert.Equal(3, Written(new NpgsqlException("Exception while reading from stream", new EndOfStreamException("cut"))).Length);
        // Something else that took too long is not the database's, and a statement that is wrong is a bug.
        Assert.InRange(Written(new TimeoutException("a provider")).Length, 5, 103);
        Assert.InRange(Written(new PostgresException("no such column", "ERROR", "ERROR", "42703")).Length, 5, 103);

        static string[] Written(Exception inner)
        {
            var written = new StringWriter();
            using var provider = new ServiceCollection().AddLogging().BuildServiceProvider();
            var formatter = new PlainLines(Options(provider), TimeProvider.System);
            Exception thrown;
            try
            {
                throw new InvalidOperationException("Database error recovering from misfires.", inner);
            }
            catch (InvalidOperationException caught)
            {
                thrown = new InvalidOperationException("again", caught);
            }
            formatter.Write(new LogEntry<string>(LogLevel.Error, "Quartz", new(3607), "says", thrown, (text, _) => text), null, written);
            return written.ToString().TrimEnd().Split(Environment.NewLine);
        }
    }

    [Fact]
    public void A_providers_word_in_a_line_of_ours_is_cleaned_and_bounded_whoever_writes_the_log()
    {
        var log = new Lines();
        new Outages(new(TimeProvider.System), TimeProvider.System, log).Failed(
            "Dispatch over sms",
            "no\nfail: forged\u001b[2J" + new string('y', 100_000)
        );
        var line = Assert.Single(log.Written);
        Assert.InRange(line.Length, 100, 1200);
        Assert.DoesNotContain(line, char.IsControl);
    }

    private static OptionsMonitor<ConsoleFormatterOptions> Options(ServiceProvider provider) =>
        ActivatorUtilities.CreateInstance<OptionsMonitor<ConsoleFormatterOptions>>(provider);

    private sealed class Lines : ILogger<Outages>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Written.Add(formatter(state, exception));
    }

    [Theory]
    [InlineData("Host=db;Username=u;Password=secret", true)]
    [InlineData("Host=db;Username=u;Pwd=secret", true)]
    [InlineData("Host=db;Username=u", false)]
    [InlineData("no connection string", false)]
    public void A_password_is_not_taken_from_the_command_line(string connection, bool refused)
    {
        var parsed = DedupeCommand.Create().Parse(["--table", "t", "--keys", "a", "--connection", connection]);
        Assert.Equal(refused, parsed.Errors.Any(error => error.Message.Contains("PGPASSWORD", StringComparison.Ordinal)));
        Assert.All(parsed.Errors, error => Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal));
    }
}
