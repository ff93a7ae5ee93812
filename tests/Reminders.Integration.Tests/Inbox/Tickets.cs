using Npgsql;
using Reminders.Integration.Tests.Support;
using Reminders.Lab.Apps;

namespace Reminders.Integration.Tests.Inbox;

/// <summary>Scenario 5, by the ticket desk: who is told of what happens to a ticket, from two nodes at once.</summary>
public sealed class Tickets(SharedTwoNodes shared) : IClassFixture<SharedTwoNodes>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TwoNodes _nodes = shared.Nodes;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Assigning_tells_those_who_are_newly_assigned_and_the_same_again_nobody()
    {
        using var engine = Engine();
        var desk = await DeskAsync(engine, "t-assign", "author-a", "anna", "boris", "clara");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.AssignAsync("t-assign", "author-a", ["anna", "boris"], Stop)));
        Assert.Equal("anna 1,boris 1", await ToldAsync("t-assign"));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => desk.AssignAsync("t-assign", "author-a", ["boris", "clara", "anna"], Stop)));
        Assert.Equal("anna 1,boris 1,clara 1", await ToldAsync("t-assign"));
        // An instance of the desk that crashed before it wrote down what it had told tells it all again.
        await _nodes[0].Database.CreateCommand("UPDATE desk.event SET told = false").ExecuteNonQueryAsync(Stop);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => desk.TellAsync(Stop)));
        Assert.Equal("anna 1,boris 1,clara 1", await ToldAsync("t-assign"));
    }

    [Fact]
    public async Task Finish_reject_comment_approve_and_a_status_are_one_notification_each_for_whom_they_concern()
    {
        using var engine = Engine();
        var desk = await DeskAsync(engine, "t-life", "author-l", "lena", "lev");
        await desk.AssignAsync("t-life", "author-l", ["lena", "lev"], Stop);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => desk.ChangeStatusAsync("t-life", "lena", "in progress", Stop)));
        await desk.CommentAsync("t-life", "lev", "First.", Stop);
        await desk.CommentAsync("t-life", "lev", "Second.", Stop);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => desk.FinishAsync("t-life", "lena", Stop)));
        Assert.Empty(await desk.RejectAsync("t-life", "author-l", "It still does not print.", Stop));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => desk.ApproveAsync("t-life", "author-l", Stop)));
        Assert.Equal("author-l 4,lena 5,lev 5", await ToldAsync("t-life"));
        Assert.Equal(
            "TICKET_APPROVED,TICKET_ASSIGNED,TICKET_FINISHED,TICKET_REJECTED,TICKET_STATUS",
            await _nodes[0]
                .ScalarAsync<string>(
                    """
                    SELECT string_agg(i.kind, ',' ORDER BY i.kind) FROM reminders.inbox_item i
                        JOIN reminders.recipient r ON r.id = i.recipient_id
                    WHERE r.reference = 'lev'
                    """
                )
        );
    }

    [Fact]
    public async Task What_the_desk_refuses_is_named_field_by_field_and_tells_nobody()
    {
        using var engine = Engine();
        var desk = await DeskAsync(engine, "t-rules", "author-r", "rita");
        await desk.AssignAsync("t-rules", "author-r", ["rita"], Stop);
        Assert.Contains(
            "9 characters",
            (await desk.RejectAsync("t-rules", "author-r", " too short  ".Trim()[..9], Stop))["reason"],
            StringComparison.Ordinal
        );
        var now = TimeProvider.System.GetUtcNow();
        var errors = await desk.PlanAsync("t-rules", now.AddMinutes(29), now.AddMinutes(14), Stop);
        Assert.Equal(["estimate_due", "resolution_due"], errors.Keys.Order());
        Assert.Empty(await desk.PlanAsync("t-rules", now.AddMinutes(31), now.AddMinutes(16), Stop));
        Assert.Equal("rita 1", await ToldAsync("t-rules"));
    }

    private EngineClient Engine() => new(() => [_nodes[0].Http.BaseAddress!, _nodes[1].Http.BaseAddress!], _nodes[0].Recruiter);

    private async Task<TicketDesk> DeskAsync(EngineClient engine, string ticket, params string[] people)
    {
        var desk = new TicketDesk(_nodes[0].Database, engine, TimeProvider.System);
        await using (var alone = await _nodes[0].Database.OpenConnectionAsync(Stop))
        await using (await alone.BeginTransactionAsync(Stop))
        {
            // Classes share a database, and making a schema twice at once is an error even where it may exist. The transaction's
            // lock and not the session's, which would go back into the pool with its connection.
            await new NpgsqlCommand("SELECT pg_advisory_xact_lock(77)", alone).ExecuteNonQueryAsync(Stop);
            await desk.CreateTablesAsync(Stop);
        }
        await engine.KeepAsync(people.Select(person => new { reference = person, name = person }), Stop);
        await desk.OpenAsync(ticket, "Printer", people[0], Stop);
        return desk;
    }

    /// <summary>How many items each person has about a ticket, once all that was planned is there.</summary>
    private async Task<string> ToldAsync(string ticket)
    {
        await Eventually.TrueAsync(
            () =>
                _nodes[0]
                    .ScalarAsync<bool>(
                        """
                        SELECT count(*) FILTER (WHERE o.state <> 'fired') = 0 AND NOT EXISTS (SELECT FROM desk.event WHERE NOT told)
                        FROM reminders.occurrence o JOIN reminders.subject s ON s.id = o.subject_id WHERE s.key = $1
                        """,
                        ticket
                    ),
            Patience,
            "everything told"
        );
        return await _nodes[0]
            .ScalarAsync<string>(
                """
                SELECT string_agg(reference || ' ' || items, ',' ORDER BY reference) FROM (
                    SELECT r.reference, count(*) AS items FROM reminders.inbox_item i JOIN reminders.recipient r ON r.id = i.recipient_id
                    WHERE i.subject_type = 'ticket' AND i.subject_key = $1 GROUP BY r.reference) t
                """,
                ticket
            );
    }
}
