using Reminders.Bookings;
using Reminders.Lab.WhatsApp;

namespace Reminders.Lab.Demo.Acts;

/// <summary>
/// The third incident: the provider delivers each webhook more than once, nearly at once, and the same message was stored
/// twice. Here each comes six times, to two nodes; some are presses that confirm an interview.
/// </summary>
internal sealed class WhatsAppInbound : IAct
{
    private const int Customers = 30;
    private const long Recruiter = 9501;

    private static readonly string[] Candidates = ["4915700000001", "4915700000002", "4915700000003"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "whatsapp_inbound";

    public string Title => "WhatsApp's webhooks, six of each";

    public async Task<ActResult> RunAsync(DemoStage stage, Narrator narrator, CancellationToken cancellationToken)
    {
        await stage.WhatsApp.SetWebhookAsync([.. stage.Alive.Select(node => new Uri(node.Address, "webhooks/whatsapp"))]);
        // Whoever writes may be written to freely for a day.
        var arrivals = Candidates.Select(number => stage.WhatsApp.SendText(number, "Hello!")).ToList();
        arrivals.AddRange(
            Enumerable.Range(1, Customers).Select(n => stage.WhatsApp.SendText($"49160{n:0000000}", $"Is order {n} on its way?"))
        );
        narrator.Good($"{arrivals.Count} people write to us, and each message is delivered six times to two nodes.");

        // Written later, a question would be asked again for it.
        await Until.TrueAsync(
            () => Task.FromResult(Candidates.All(number => stage.WhatsApp.Record.MessagesTo(number).Count > 0)),
            Patience,
            cancellationToken
        );
        await BookAsync(stage, cancellationToken);
        await Until.TrueAsync(() => Task.FromResult(Candidates.All(number => Reminders(stage, number).Any())), Patience, cancellationToken);
        foreach (var reminder in Candidates.SelectMany(number => Reminders(stage, number).Take(1)))
        {
            arrivals.AddRange([stage.WhatsApp.Press(reminder.Id, 0), stage.WhatsApp.Press(reminder.Id, 0)]);
        }

        narrator.Good($"{Candidates.Length} candidates without Telegram got their reminder there, and press \"I confirm\" twice.");

        var engine = new EngineView(stage.Database);
        await Until.TrueAsync(
            () => Task.FromResult(stage.Telegram.Record.MessagesTo(Recruiter).Count >= Candidates.Length),
            Patience,
            cancellationToken
        );
        var quiet = await Until.TrueAsync(
            async () => stage.WhatsApp.Record.Posts.Count >= 6 * arrivals.Count && await engine.IsQuietAsync(cancellationToken),
            Patience,
            cancellationToken
        );

        var tally = new Tally();
        var stored = await StoredAsync(stage, cancellationToken);
        foreach (var wamid in arrivals)
        {
            tally.Count(wamid, 1, stored.GetValueOrDefault(wamid).Times);
        }

        foreach (var number in Candidates)
        {
            tally.Count($"The reminder of {number}", 1, Reminders(stage, number).Count());
            var name = Candidate(number);
            tally.Count(
                $"The recruiter's note about {name}",
                1,
                stage
                    .Telegram.Record.MessagesTo(Recruiter)
                    .Count(note => note.Text.Contains(name, StringComparison.Ordinal) && note.Text.StartsWith('✅'))
            );
        }
        var suppressed = arrivals.Sum(wamid => stored.GetValueOrDefault(wamid).Repeats);
        tally.Check(
            suppressed == 5 * arrivals.Count,
            $"{5 * arrivals.Count} repeated webhooks should have been counted, and {suppressed} were."
        );
        foreach (var refused in stage.WhatsApp.Record.Posts.Where(post => post.Status != 200).GroupBy(post => post.Status))
        {
            tally.Check(
                false,
                $"{refused.Count()} webhooks were answered with {refused.Key}, such as {refused.First().Name} at {refused.First().Url}."
            );
        }

        tally.Check(quiet, "The engine still had something to do.");
        narrator.Good(
            $"Each message is stored once, {suppressed} repeats were answered with 200 and counted, and the recruiter heard "
                + "of each answer once."
        );
        return tally.Result(Name, suppressed);
    }

    private static async Task BookAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        stage.Telegram.AddChat(Recruiter, "Rita");
        await stage.Engine.KeepAsync(
            Candidates.Select(number => new
            {
                reference = number,
                name = Candidate(number),
                addresses = new { whatsapp = $"+{number}" },
            }),
            cancellationToken
        );
        foreach (var number in Candidates)
        {
            var booking = await stage.Api.CreateAsync(
                "Backend engineer",
                TimeProvider.System.GetUtcNow().AddHours(2).AddSeconds(2),
                new PersonDraft(Candidate(number), Reference: number),
                new PersonDraft("Rita", TelegramChatId: Recruiter),
                cancellationToken
            );
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => stage.Api.ApproveAsync(booking.Id, cancellationToken)));
        }
    }

    /// <summary>What asks for an answer. Who writes while nothing is open is told so, which asks for none.</summary>
    private static IEnumerable<WhatsAppMessage> Reminders(DemoStage stage, string number) =>
        stage.WhatsApp.Record.MessagesTo(number).Where(message => message.Buttons.Count > 0);

    private static string Candidate(string number) => $"Wanda {number[^1]}";

    private static async Task<Dictionary<string, (int Times, int Repeats)>> StoredAsync(
        DemoStage stage,
        CancellationToken cancellationToken
    )
    {
        await using var find = stage.Database.CreateCommand(
            "SELECT provider_id, count(*)::int, sum(repeats)::int FROM reminders.inbound_update WHERE source = 'whatsapp' "
                + "GROUP BY provider_id"
        );
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var stored = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            stored[reader.GetString(0)] = (reader.GetInt32(1), reader.GetInt32(2));
        }

        return stored;
    }
}
