using Reminders.Commands;
using Reminders.Integration.Tests.Notifications;
using Reminders.Integration.Tests.Support;
using Reminders.Notifications;

namespace Reminders.Integration.Tests.Imports;

/// <summary>What another system sent before the engine came is not sent again: kinds that are asked for by name.</summary>
public sealed class ToldElsewhere(Postgres postgres)
{
    private const string Header = "kind,subject,recipient,sent_at";

    [Fact]
    public async Task Who_was_told_of_a_customer_is_not_told_again_and_the_story_says_by_whom_and_when()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        await cluster.KeepPeopleAsync(2);
        var file = $"{Header},channel\nCUSTOMER_CREATED,customer-1,u1,2026-01-02 09:30:00+00,inbox\n";

        var first = await cluster.ImportAsync(file);
        Assert.Equal((1, 0, 0), (first.Imported, first.Already, first.TakenBack));
        var asked = await cluster.AskAsync(Asking.Customer("customer-1", "u1", "u2"));

        Assert.Equal([RecipientOutcome.Suppressed, RecipientOutcome.Planned], asked.Recipients.Select(one => one.Result));
        Assert.Contains("told once, ever", asked.Recipients[0].Reason, StringComparison.Ordinal);
        var story = await cluster.ExplainAsync("customer", "customer-1");
        Assert.Contains("User 1 was told by the old system at 2026-01-02 09:30", story, StringComparison.Ordinal);
        Assert.Contains("imported: told by the old system at 2026-01-02 09:30", story, StringComparison.Ordinal);
        Assert.DoesNotContain("was queued", story.Split("CUSTOMER_CREATED to User 2")[0], StringComparison.Ordinal);

        var again = await cluster.ImportAsync(file);
        Assert.Equal((0, 1), (again.Imported, again.Already));
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence"));
    }

    [Fact]
    public async Task A_subject_and_a_person_that_are_not_there_are_made_and_an_erased_one_is_not_brought_back()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        await cluster.ImportAsync($"{Header},name\nCUSTOMER_CREATED,customer-1,new-1,2026-01-02T09:30:00Z,Olga\n");
        Assert.Equal("Olga", await cluster.ScalarAsync<string>("SELECT name FROM reminders.recipient WHERE reference = 'new-1'"));
        await cluster.SendAsync(new Reminders.People.ErasePerson("new-1", "asked for it"));

        await cluster.ImportAsync($"{Header},name\nCUSTOMER_CREATED,customer-2,new-1,2026-01-02T09:30:00Z,Olga\n");
        Assert.Equal(
            0,
            await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.recipient WHERE reference = 'new-1' OR name = 'Olga'")
        );
        Assert.Equal(2, await cluster.ScalarAsync<long>("SELECT count(*) FROM reminders.occurrence WHERE reason = 'imported'"));
    }

    [Fact]
    public async Task A_window_begins_when_the_old_system_sent_and_is_over_a_window_later()
    {
        await using var cluster = await Cluster.StartAsync(postgres, 1, null, ("Kinds:CART_ABANDONED:Channels:0", "telegram"));
        await cluster.KeepPeopleAsync(1);
        var done = await cluster.ImportAsync(
            $"""
            {Header},data.cart_hash
            CART_ABANDONED,cart-1,u1,{Importing.Ago(TimeSpan.FromHours(50)):O},a
            CART_ABANDONED,cart-1,u1,{Importing.Ago(TimeSpan.FromHours(23)):O},a
            CART_ABANDONED,cart-2,u1,{Importing.Ago(TimeSpan.FromHours(25)):O},a
            """
        );
        // The last of a window counts; those before it are told by it.
        Assert.Equal((2, 1), (done.Imported, done.Already));

        var within = await cluster.AskAsync(Asking.Cart("cart-1", "a", "u1"));
        Assert.Equal((0, 1), (within.Planned, within.Suppressed));
        Assert.Contains("the same within 24 hours", within.Recipients[0].Reason, StringComparison.Ordinal);
        Assert.Equal(1, (await cluster.AskAsync(Asking.Cart("cart-1", "changed", "u1"))).Planned);
        Assert.Equal(1, (await cluster.AskAsync(Asking.Cart("cart-2", "a", "u1"))).Planned);

        // What the engine told since is later than what the file knows.
        Assert.Equal(
            0,
            (
                await cluster.ImportAsync(
                    $"{Header},data.cart_hash\nCART_ABANDONED,cart-2,u1,{Importing.Ago(TimeSpan.FromHours(25)):O},a\n"
                )
            ).Imported
        );
    }

    [Fact]
    public async Task Closing_a_cart_that_the_old_system_told_does_not_open_its_window()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        await cluster.KeepPeopleAsync(1);
        await cluster.ImportAsync($"{Header},data.cart_hash\nCART_ABANDONED,cart-1,u1,{Importing.Ago(TimeSpan.FromHours(1)):O},a\n");
        Assert.IsType<Outcome<CancelResult>.Done>(await cluster.SendAsync(new CancelNotifications("cart", "cart-1")));
        Assert.Equal(1, (await cluster.AskAsync(Asking.Cart("cart-1", "a", "u1"))).Suppressed);
    }

    [Fact]
    public async Task A_version_that_was_told_is_not_told_again_and_the_next_is()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        await cluster.KeepPeopleAsync(1);
        await cluster.ImportAsync(
            """{"kind": "TICKET_ASSIGNED", "subject": "ticket-1", "recipient": "u1", "version":3,"sent_at": "2026-01-02T09:30:00+01:00"}"""
        );
        Assert.Equal(1, (await cluster.AskAsync(Asking.Assigned("ticket-1", null, "u1"))).Suppressed);
        Assert.Equal(1, (await cluster.AskAsync(Asking.Assigned("ticket-1", 3, "u1"))).Suppressed);
        Assert.Equal(1, (await cluster.AskAsync(Asking.Assigned("ticket-1", 4, "u1"))).Planned);
    }

    [Fact]
    public async Task A_hundred_thousand_lines_are_imported_once()
    {
        await using var cluster = await Cluster.StartAsync(postgres, nodes: 1);
        var file = Importing.Csv(
            Header,
            Enumerable.Range(0, 100_000).Select(n => $"CUSTOMER_CREATED,customer-{n / 8},user-{n % 8},2026-01-02 09:30:00+00")
        );
        var began = TimeProvider.System.GetTimestamp();
        Assert.Equal((100_000, 0), await CountAsync());
        TestContext.Current.SendDiagnosticMessage($"100,000 lines: {TimeProvider.System.GetElapsedTime(began)}");
        Assert.Equal((0, 100_000), await CountAsync());

        async Task<(int, int)> CountAsync()
        {
            var done = await cluster.ImportAsync(file);
            return (done.Imported, done.Already);
        }
    }
}
