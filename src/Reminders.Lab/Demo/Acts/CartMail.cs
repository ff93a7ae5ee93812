using Reminders.Lab.Apps;
using Reminders.Lab.Mail;

namespace Reminders.Lab.Demo.Acts;

/// <summary>
/// The second incident: two detectors in two processes each sent the reminder of the same cart, which was marked only after
/// the send. Here each cart is found by both, three times over, while the mail server has its moods.
/// </summary>
internal sealed class CartMail : IAct
{
    private const string Kind = "CART_ABANDONED";
    private const int Carts = 20;
    private const int Rounds = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Name => "cart_mail";

    public string Title => "Carts left behind, and one mail for each";

    public async Task<ActResult> RunAsync(DemoStage stage, Narrator narrator, CancellationToken cancellationToken)
    {
        var engine = new EngineView(stage.Database);
        var shop = new Shop(stage.Engine);
        var carts = Enumerable.Range(1, Carts).Select(n => new LeftCart($"cart-{n}", $"shopper-{n}", ["a lamp", $"{n} bulbs"])).ToArray();
        await stage.Engine.KeepAsync(
            carts.Select(cart => new
            {
                reference = cart.User,
                name = $"Shopper {cart.User.Split('-')[1]}",
                addresses = new { email = Address(cart) },
            }),
            cancellationToken
        );
        var (bought, changed, unlucky) = (carts[0], carts[1], carts[2]);
        stage.Mail.Faults.Add(new(MailFaultKind.Reply, MailPhase.Recipient) { Code = 451, Next = 2 });
        stage.Mail.Faults.Add(
            new(MailFaultKind.Cut, MailPhase.Dot)
            {
                Accepts = true,
                Recipient = Address(unlucky),
                Next = 1,
            }
        );

        var answers = new List<NotificationAnswer>();
        // The one that is bought has time: on a busy machine asking for all of them takes longer than the others' two seconds.
        answers.AddRange(
            await Task.WhenAll(
                from round in Enumerable.Range(1, Rounds)
                from detector in Enumerable.Range(1, 2)
                from cart in carts
                select shop.RemindAsync(cart, TimeSpan.FromSeconds(cart == bought ? 60 : 2), cancellationToken)
            )
        );
        narrator.Good(
            $"Two detectors found {Carts} carts left behind, {Rounds} times each, all at once: "
                + $"{answers.Sum(answer => answer.Planned)} mails are planned."
        );
        var spared = await shop.ForgetAsync(bought, cancellationToken);
        narrator.Say($"{bought.User} buys theirs before the mail is due.");

        await AwaitAsync(Carts - 1);
        narrator.Say($"The mail server asked to try two of them later, and hung up on {unlucky.User}'s right after taking it.");
        answers.AddRange(await Task.WhenAll(carts.Skip(1).Select(cart => shop.RemindAsync(cart, TimeSpan.Zero, cancellationToken))));
        answers.AddRange(
            await Task.WhenAll(
                Enumerable
                    .Range(1, 4)
                    .Select(_ => shop.RemindAsync(changed with { Items = ["a lamp", "a shade"] }, TimeSpan.Zero, cancellationToken))
            )
        );
        narrator.Say($"The detectors find the same carts again, and {changed.User}'s with something else in it.");
        await AwaitAsync(Carts);
        var quiet = await Until.TrueAsync(() => engine.IsQuietAsync(cancellationToken), Patience, cancellationToken);

        var tally = new Tally();
        foreach (var cart in carts)
        {
            tally.Count(
                Address(cart),
                cart == bought ? 0
                    : cart == changed ? 2
                    : 1,
                stage.Mail.Record.MailsTo(Address(cart)).Count
            );
        }

        var held = (await engine.HeldAsync(cancellationToken)).Where(message => message.Kind == Kind).ToArray();
        var suppressed = answers.Sum(answer => answer.Suppressed);
        tally.Check(spared == 1, "The bought cart's mail was not taken back.");
        tally.Check(
            suppressed == answers.Count - Carts - 1,
            $"{answers.Count - Carts - 1} second requests should have been suppressed, and {suppressed} were."
        );
        tally.Check(held.Length == 1 && held[0].Address == Address(unlucky), $"One mail should be held, and {held.Length} are.");
        tally.Check(quiet, "The engine still had something to do.");
        narrator.Good($"{tally.Delivered} mails arrived; of one nobody can know but who got it, and it is not sent again by itself.");
        return tally.Result(Name, suppressed, held.Length, held.Length);

        Task AwaitAsync(int mails) =>
            Until.TrueAsync(() => Task.FromResult(stage.Mail.Record.MailCount >= mails), Patience, cancellationToken);
    }

    private static string Address(LeftCart cart) => $"{cart.User}@shop.example.com";
}
