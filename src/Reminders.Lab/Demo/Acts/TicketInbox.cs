using Reminders.Lab.Apps;

namespace Reminders.Lab.Demo.Acts;

/// <summary>
/// The fifth incident: a ticket's notifications were sent by a signal that ran ahead of the data, and whoever was off line
/// missed them. Here the desk tells the engine after its commit, twenty times over, and people come and go on two nodes.
/// </summary>
internal sealed class TicketInbox : IAct
{
    private const int Repeats = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public string Name => "ticket_inbox";

    public string Title => "Tickets, by mail, in the inbox and live";

    public async Task<ActResult> RunAsync(DemoStage stage, Narrator narrator, CancellationToken cancellationToken)
    {
        string[] people = ["tina", "tom", "theo"];
        var desk = new TicketDesk(stage.Database, stage.Engine, TimeProvider.System);
        await desk.CreateTablesAsync(cancellationToken);
        await stage.Engine.KeepAsync(
            people.Select(person => new
            {
                reference = person,
                name = person,
                addresses = new { email = $"{person}@desk.example.com" },
                preferences = person == "theo" ? new[] { new { channel = "email", wanted = false } } : [],
            }),
            cancellationToken
        );
        var nodes = stage.Alive.Select(node => node.Address).ToArray();
        await using var tina = await AppAsync("tina");
        await using var tom = await AppAsync("tom");
        await using var theo = await AppAsync("theo");
        await tina.ConnectAsync(nodes[0], cancellationToken);
        await tom.ConnectAsync(nodes[^1], cancellationToken);

        await desk.OpenAsync("ticket-1", "Printer", "theo", cancellationToken);
        var late = await desk.PlanAsync(
            "ticket-1",
            TimeProvider.System.GetUtcNow().AddMinutes(20),
            TimeProvider.System.GetUtcNow().AddMinutes(25),
            cancellationToken
        );
        narrator.Say($"The desk refuses due times that nobody could keep: {string.Join(" ", late.Values)}");
        await Task.WhenAll(Enumerable.Range(1, Repeats).Select(_ => desk.AssignAsync("ticket-1", "theo", ["tina"], cancellationToken)));
        await Task.WhenAll(
            Enumerable.Range(1, Repeats).Select(_ => desk.AssignAsync("ticket-1", "theo", ["tina", "tom"], cancellationToken))
        );
        narrator.Good($"The ticket was assigned to Tina {Repeats} times at once, and then to Tina and Tom: each hears of it once.");

        await Until.TrueAsync(() => Task.FromResult(!tina.Pushed.IsEmpty), Patience, cancellationToken);
        await tina.DropAsync();
        narrator.Say("Tina's line breaks. Tom comments, and finishes the ticket.");
        await desk.CommentAsync("ticket-1", "tom", "It was the toner.", cancellationToken);
        await Task.WhenAll(Enumerable.Range(1, Repeats).Select(_ => desk.FinishAsync("ticket-1", "tom", cancellationToken)));
        var brief = await desk.RejectAsync("ticket-1", "theo", "no", cancellationToken);
        await tina.ConnectAsync(nodes[^1], cancellationToken);
        await desk.RejectAsync("ticket-1", "theo", "It still does not print.", cancellationToken);
        // Whoever finds an event may tell it: another instance of the desk, after a crash, would tell all of them again.
        await using (var forget = stage.Database.CreateCommand("UPDATE desk.event SET told = false"))
        {
            await forget.ExecuteNonQueryAsync(cancellationToken);
        }

        await Task.WhenAll(Enumerable.Range(1, 4).Select(_ => desk.TellAsync(cancellationToken)));

        // Tina and Tom: assigned, rejected; Tina also Tom's comment and finish, as does Theo, who opened it.
        (InboxApp App, int Items, int Pushes, int Mails)[] expected = [(tina, 4, 4, 4), (tom, 2, 2, 2), (theo, 2, 0, 0)];
        await Until.TrueAsync(
            () =>
                Task.FromResult(
                    expected.All(one => one.App.Pushed.Count >= one.Pushes && stage.Mail.Record.MailsTo(Mail(one.App)).Count >= one.Mails)
                ),
            Patience,
            cancellationToken
        );
        var quiet = await Until.TrueAsync(
            () => new EngineView(stage.Database).IsQuietAsync(cancellationToken),
            Patience,
            cancellationToken
        );
        var tally = new Tally();
        foreach (var (app, items, pushes, mails) in expected)
        {
            tally.Count($"{app.User}'s inbox", items, (int)(await app.ListAsync(nodes[0], cancellationToken))["count"]!);
            tally.Count($"{app.User}'s live connections", pushes, app.Pushed.Count);
            tally.Check(
                app.Pushed.DistinctBy(item => (long)item["id"]!).Count() == app.Pushed.Count,
                $"{app.User} was pushed the same item twice."
            );
            tally.Count($"{app.User}'s mail", mails, stage.Mail.Record.MailsTo(Mail(app)).Count);
        }
        var unread = await tina.UnreadAsync(nodes[0], cancellationToken);
        var marked = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(n => tina.MarkAllReadAsync(nodes[n % nodes.Length], cancellationToken))
        );
        tally.Check(unread == 4 && marked.Sum() == 4, $"Tina had {unread} unread and marked {marked.Sum()} of 4, on two nodes at once.");
        tally.Check(late.Count == 2 && brief.ContainsKey("reason"), "The desk took what it should have refused.");
        tally.Check(quiet, "The engine still had something to do.");
        narrator.Good(
            "Tina connected to the other node with her cursor: nothing was missing, and nothing came twice. Theo wants no "
                + "mail, and got none."
        );
        return tally.Result(Name, await SuppressedAsync(stage, cancellationToken));

        async Task<InboxApp> AppAsync(string user) => new(user, await stage.Engine.TokenAsync(user, cancellationToken));
    }

    private static string Mail(InboxApp app) => $"{app.User}@desk.example.com";

    private static async Task<int> SuppressedAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        await using var count = stage.Database.CreateCommand(
            """
            SELECT coalesce(sum(s.count), 0)::int FROM reminders.suppression s JOIN reminders.occurrence o ON o.id = s.occurrence_id
            WHERE o.kind LIKE 'TICKET\_%'
            """
        );
        return (int)(await count.ExecuteScalarAsync(cancellationToken))!;
    }
}
