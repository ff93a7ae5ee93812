using Reminders.Nodes;
using Reminders.Settings;

namespace Reminders.Tests.Storage;

/// <summary>One installation's names in the place of the default's, and nothing else changed.</summary>
public sealed class SchemaNamesTests
{
    private readonly SchemaNames _names = new("talks", "talks_quartz");

    [Theory]
    [InlineData("SELECT FROM reminders.outbox m", "SELECT FROM talks.outbox m")]
    [InlineData("NOT EXISTS (SELECT FROM quartz.qrtz_triggers)", "NOT EXISTS (SELECT FROM talks_quartz.qrtz_triggers)")]
    [InlineData("nextval('reminders.window_version')", "nextval('talks.window_version')")]
    [InlineData("pg_notify('reminders_outbox', '')", "pg_notify('talks_outbox', '')")]
    [InlineData(
        "IF to_regnamespace('quartz') IS NULL THEN CREATE SCHEMA quartz;",
        "IF to_regnamespace('talks_quartz') IS NULL THEN CREATE SCHEMA talks_quartz;"
    )]
    [InlineData("WHERE n = 'reminders'::regnamespace", "WHERE n = 'talks'::regnamespace")]
    [InlineData("t.trigger_group = 'reminders'", "t.trigger_group = 'reminders'")]
    [InlineData(
        "my_reminders.x, old.reminders.y, reminders , 'reminders are'",
        "my_reminders.x, old.reminders.y, reminders , 'reminders are'"
    )]
    public void Are_put_where_a_schema_or_a_channel_is_named(string sql, string expected) => Assert.Equal(expected, _names.In(sql));

    [Fact]
    public void Of_the_default_leave_a_statement_as_it_is() =>
        Assert.Same("SELECT FROM reminders.outbox", SchemaNames.Default.In("SELECT FROM reminders.outbox"));

    [Fact]
    public void Are_worked_out_once_for_a_statement()
    {
        const string Statement = "SELECT FROM reminders.outbox";
        Assert.Same(_names.In(Statement), _names.In(Statement));
    }

    [Fact]
    public void Channels_are_the_installations_own()
    {
        Assert.Equal("talks_outbox", _names.Channel(Signals.OutboxChannel));
        Assert.Equal(Signals.OutboxChannel, _names.Heard("talks_outbox"));
        Assert.Equal("reminders_outbox", SchemaNames.Default.Heard(SchemaNames.Default.Channel(Signals.OutboxChannel)));
    }

    [Theory]
    [InlineData("talks")]
    [InlineData("_t1")]
    [InlineData("a123456789_123456789_123456789_123456789")]
    public void May_be_plain_names(string name) => Assert.Null(SchemaNames.Problem(name));

    [Theory]
    [InlineData("")]
    [InlineData("Talks")]
    [InlineData("1st")]
    [InlineData("my talks")]
    [InlineData("talks\n")]
    [InlineData("tälks")]
    [InlineData("talks;drop")]
    [InlineData("a\"b")]
    [InlineData("a123456789_123456789_123456789_1234567890")]
    [InlineData("pg_talks")]
    [InlineData("public")]
    [InlineData("information_schema")]
    [InlineData("order")]
    public void May_be_nothing_else(string name) => Assert.NotNull(SchemaNames.Problem(name));

    [Theory]
    [InlineData("a", "A", "Schema is 'A': ")]
    [InlineData("Q", "reminders", "QuartzSchema is 'Q': ")]
    [InlineData("reminders", "reminders", "Schema and QuartzSchema are both 'reminders': ")]
    public void That_cannot_be_are_named_with_their_setting(string quartz, string engine, string begins) =>
        Assert.StartsWith(
            begins,
            Assert.Single(new RemindersOptions { Schema = engine, QuartzSchema = quartz }.Problems()),
            StringComparison.Ordinal
        );
}
