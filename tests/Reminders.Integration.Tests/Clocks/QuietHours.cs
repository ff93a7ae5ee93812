using System.Globalization;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Clocks;

/// <summary>Rule 11: quiet hours shift a message within its use, in the recipient's zone as it is when it would go.</summary>
public sealed class QuietHours(Postgres postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    // An ordinary day, a night that spans midnight, and the edges: the first minute is quiet, the last is not.
    [InlineData("Europe/Berlin", "13:00", "15:00", "2027-06-01T12:30:00Z", "2027-06-01T13:00:00Z")]
    [InlineData("Europe/Berlin", "13:00", "15:00", "2027-06-01T11:00:00Z", "2027-06-01T13:00:00Z")]
    [InlineData("Europe/Berlin", "13:00", "15:00", "2027-06-01T13:00:00Z", null)]
    [InlineData("Europe/Berlin", "13:00", "15:00", "2027-06-01T10:59:59Z", null)]
    [InlineData("Europe/Berlin", "22:00", "07:00", "2027-06-01T20:30:00Z", "2027-06-02T05:00:00Z")]
    [InlineData("Europe/Berlin", "22:00", "07:00", "2027-06-02T03:00:00Z", "2027-06-02T05:00:00Z")]
    [InlineData("Europe/Berlin", "22:00", "07:00", "2027-06-02T05:00:00Z", null)]
    // 28 March 2027 has no 02:00–03:00 in Berlin: an end in the gap is the first instant after it.
    [InlineData("Europe/Berlin", "22:00", "07:00", "2027-03-27T22:00:00Z", "2027-03-28T05:00:00Z")]
    [InlineData("Europe/Berlin", "22:00", "02:30", "2027-03-27T22:00:00Z", "2027-03-28T01:00:00Z")]
    [InlineData("Europe/Berlin", "22:00", "02:30", "2027-03-28T00:59:59Z", "2027-03-28T01:00:00Z")]
    [InlineData("Europe/Berlin", "00:30", "02:30", "2027-03-28T00:00:00Z", "2027-03-28T01:00:00Z")]
    // Cairo has no 00:00–01:00 on 30 April 2027, and Lord Howe loses half an hour on 3 October.
    [InlineData("Africa/Cairo", "22:00", "00:00", "2027-04-29T20:30:00Z", "2027-04-29T22:00:00Z")]
    [InlineData("Africa/Cairo", "22:00", "00:45", "2027-04-29T20:30:00Z", "2027-04-29T22:00:00Z")]
    [InlineData("Australia/Lord_Howe", "22:00", "02:20", "2027-10-02T12:00:00Z", "2027-10-02T15:30:00Z")]
    [InlineData("Europe/Berlin", "02:15", "02:45", "2027-03-28T01:00:00Z", null)]
    // 31 October 2027 has 02:00–03:00 twice: quiet until the clock says the end for the last time.
    [InlineData("Europe/Berlin", "22:00", "07:00", "2027-10-30T21:00:00Z", "2027-10-31T06:00:00Z")]
    [InlineData("Europe/Berlin", "22:00", "02:30", "2027-10-30T23:30:00Z", "2027-10-31T01:30:00Z")]
    [InlineData("America/New_York", "22:00", "07:00", "2027-03-14T05:00:00Z", "2027-03-14T11:00:00Z")]
    [InlineData("America/New_York", "22:00", "07:00", "2027-11-07T04:00:00Z", "2027-11-07T12:00:00Z")]
    // Nothing to keep.
    [InlineData("Europe/Berlin", null, null, "2027-06-01T12:30:00Z", null)]
    [InlineData("Europe/Berlin", "13:00", "13:00", "2027-06-01T11:00:00Z", null)]
    [InlineData("Nowhere/Atlantis", "00:00", "23:59", "2027-06-01T11:00:00Z", null)]
    public async Task They_end_when_the_recipients_own_clock_says_so(string zone, string? from, string? to, string instant, string? end)
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 0);
        var until = await cluster.ScalarAsync<string>(
            $"""
            SELECT coalesce(to_char(reminders.quiet_until('{zone}', {Time(from)}, {Time(
                to
            )}, '{instant}') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '')
            """
        );
        Assert.Equal(end ?? "", until);
    }

    [Fact]
    public async Task A_message_waits_for_their_end_and_a_zone_changed_meanwhile_counts()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        // Quiet for another half hour where they are, and the slot is two hours ahead: it can wait.
        await QuietAsync(cluster, "Europe/Moscow", TimeSpan.FromMinutes(30));
        await cluster.ApproveAsync(booking);
        await cluster.UntilAsync(
            """
            SELECT EXISTS (SELECT FROM reminders.outbox WHERE state = 'pending' AND due_at > now() + interval '20 minutes')
            """,
            Patience
        );
        Assert.Empty(cluster.Telegram.Record.MessagesTo(1001));

        // They fly east, where it is no longer quiet; the message is looked at again when it was to go.
        await cluster.ExecuteAsync("UPDATE reminders.recipient SET zone = 'Asia/Vladivostok' WHERE reference = 'telegram:1001'");
        await cluster.ExecuteAsync("UPDATE reminders.outbox SET due_at = now() WHERE state = 'pending'");
        await cluster.ExecuteAsync("SELECT pg_notify('reminders_outbox', '')");
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        Assert.Contains("(Asia/Vladivostok)", Assert.Single(cluster.Telegram.Record.MessagesTo(1001)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_wait_for_their_end_is_sent_at_once()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await cluster.ProposeAsync(TimeSpan.FromMinutes(-5));
        await QuietAsync(cluster, "Europe/Moscow", TimeSpan.FromHours(4));
        await cluster.ApproveAsync(booking);
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
    }

    [Fact]
    public async Task A_zone_and_a_language_changed_after_planning_show_in_the_text()
    {
        await using var cluster = await Cluster.StartAsync(postgres);
        var booking = await cluster.ProposeAsync(TimeSpan.FromSeconds(4));
        await cluster.ApproveAsync(booking);
        await cluster.ExecuteAsync("UPDATE reminders.recipient SET zone = 'Asia/Tokyo', locale = 'ru' WHERE reference = 'telegram:1001'");
        await cluster.Telegram.Record.WaitForAsync(record => record.MessagesTo(1001).Count == 1, Patience);
        var startsAt = await cluster.ScalarAsync<DateTime>("SELECT happens_at FROM reminders.subject WHERE key = $1", booking.ToString());
        var there = TimeZoneInfo.ConvertTimeFromUtc(startsAt, TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"));
        var text = Assert.Single(cluster.Telegram.Record.MessagesTo(1001)).Text;
        Assert.Contains("Здравствуйте", text, StringComparison.Ordinal);
        Assert.Contains(there.ToString("HH:mm", CultureInfo.InvariantCulture) + " (Asia/Tokyo)", text, StringComparison.Ordinal);
    }

    private static string Time(string? time) => time is null ? "NULL" : $"'{time}'::time";

    private static Task QuietAsync(Cluster cluster, string zone, TimeSpan stillFor) =>
        cluster.ExecuteAsync(
            """
            UPDATE reminders.recipient
            SET zone = $1, quiet_from = ((now() - interval '1 hour') AT TIME ZONE $1)::time, quiet_to = ((now() + $2) AT TIME ZONE $1)::time
            WHERE reference = 'telegram:1001'
            """,
            zone,
            stillFor
        );
}
