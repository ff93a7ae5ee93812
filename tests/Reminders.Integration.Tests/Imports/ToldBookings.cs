using Reminders.Commands;
using Reminders.Imports;
using Reminders.Integration.Tests.Support;

namespace Reminders.Integration.Tests.Imports;

/// <summary>The same of bookings, which are there before what was told of them is imported.</summary>
public sealed class ToldBookings(Postgres postgres)
{
    private const string Header = "kind,subject,recipient,starts_at,sent_at";
    private const string States =
        "SELECT coalesce(string_agg(version || state, ' ' ORDER BY version), '') FROM reminders.occurrence WHERE kind = 'CONFIRM_2H'";

    [Fact]
    public async Task A_candidate_who_was_asked_is_not_asked_again_at_the_approval_and_is_told_of_a_move()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(3));
        var start = await cluster.StartOfAsync(booking);

        Assert.Equal(1, (await cluster.ImportAsync(Row(booking, start))).Imported);
        await cluster.ApproveAsync(booking);
        Assert.Equal("1fired", await cluster.ScalarAsync<string>(States));
        Assert.Equal(1, await cluster.ScalarAsync<int>("SELECT sum(count)::int FROM reminders.suppression"));

        await cluster.MoveAsync(booking, start + TimeSpan.FromDays(1));
        Assert.Equal("1fired 2planned", await cluster.ScalarAsync<string>(States));
        // Back to what the old system told: they know.
        await cluster.MoveAsync(booking, start);
        await cluster.ExecuteAsync("UPDATE reminders.occurrence SET due_at = now() WHERE kind = 'CONFIRM_2H' AND version = 3");
        await cluster.UntilAsync(
            "SELECT count(*) = 1 FROM reminders.occurrence WHERE version = 3 AND kind = 'CONFIRM_2H' AND reason = 'already_told'",
            TimeSpan.FromSeconds(30)
        );
        Assert.Equal(0, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.outbox WHERE operation = 'edit'"));
    }

    [Fact]
    public async Task Who_was_told_of_another_start_is_asked_about_the_present_one()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(3));
        await cluster.ImportAsync(Row(booking, await cluster.StartOfAsync(booking) - TimeSpan.FromDays(2)));
        await cluster.ApproveAsync(booking);
        Assert.Equal("0fired 1planned", await cluster.ScalarAsync<string>(States));
    }

    [Fact]
    public async Task What_is_planned_here_already_is_taken_back()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(3));
        await cluster.ApproveAsync(booking);
        var done = await cluster.ImportAsync(Row(booking, await cluster.StartOfAsync(booking)));
        Assert.Equal((1, 1, 0), (done.Imported, done.TakenBack, done.Already));
        Assert.Equal("1fired", await cluster.ScalarAsync<string>(States));
        Assert.Equal(1, (await cluster.ImportAsync(Row(booking, await cluster.StartOfAsync(booking)))).Already);
    }

    [Fact]
    public async Task One_bad_line_refuses_all_and_says_which_field_is_wrong_unless_it_may_be_left_out()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        var booking = await cluster.ProposeAsync(TimeSpan.FromHours(3));
        var start = await cluster.StartOfAsync(booking);
        var file =
            Row(booking, start)
            + $"""
                CONFIRM_2H,{booking},somebody,{start:O},2026-01-02 09:30:00+00
                CONFIRM_2H,{Guid.Empty},telegram:1001,{start:O},2026-01-02 09:30:00+00
                CONFIRM_2H,7,telegram:1001,,2026-01-02 09:30:00+00
                CONFIRM_9H,{booking},telegram:1001,{start:O},2126-01-02 09:30:00+00
                """;

        var refused = Assert.IsType<Outcome<ToldImported>.Invalid>(await cluster.TryImportAsync(file));
        var said = string.Join('\n', refused.Errors.Values.SelectMany(texts => texts));
        Assert.Contains("line 3: recipient is 'somebody', who is not the candidate of booking", said, StringComparison.Ordinal);
        Assert.Contains($"line 4: subject is '{Guid.Empty}': there is no such booking", said, StringComparison.Ordinal);
        Assert.Contains("line 5: subject is '7'", said, StringComparison.Ordinal);
        Assert.Contains("line 5: starts_at is required", said, StringComparison.Ordinal);
        Assert.Contains("line 6: kind is 'CONFIRM_9H'", said, StringComparison.Ordinal);
        Assert.Contains("line 6: sent_at is 2126-01-02", said, StringComparison.Ordinal);
        Assert.Equal("", await cluster.ScalarAsync<string>(States));

        var done = Assert.IsType<Outcome<ToldImported>.Done>(await cluster.TryImportAsync(file, skipBad: true)).Value;
        Assert.Equal((1, 4), (done.Imported, done.Skipped));
    }

    private static string Row(Guid booking, DateTimeOffset start) =>
        $"{Header}\nCONFIRM_2H,{booking},telegram:1001,{start:O},2026-01-02 09:30:00+00\n";
}
