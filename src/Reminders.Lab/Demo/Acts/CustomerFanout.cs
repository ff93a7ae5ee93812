namespace Reminders.Lab.Demo.Acts;

/// <summary>
/// The fourth incident: "customer created" ran more than once, and each of eight colleagues heard of it two or more times.
/// Here each event comes twenty times, to two nodes at once.
/// </summary>
internal sealed class CustomerFanout : IAct
{
    private const int Users = 8;
    private const int Customers = 3;
    private const int Repeats = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public string Name => "customer_fanout";

    public string Title => "A new customer, and eight colleagues to tell";

    public async Task<ActResult> RunAsync(DemoStage stage, Narrator narrator, CancellationToken cancellationToken)
    {
        var users = Enumerable.Range(1, Users).Select(n => $"colleague-{n}").ToArray();
        await stage.Engine.KeepAsync(
            users.Select(user => new { reference = user, name = user.Replace("colleague-", "Colleague ", StringComparison.Ordinal) }),
            cancellationToken
        );
        await stage.Engine.KeepGroupAsync("sales", users, cancellationToken);

        var answers = await Task.WhenAll(
            from customer in Enumerable.Range(1, Customers)
            from repeat in Enumerable.Range(1, Repeats)
            select stage.Engine.NotifyAsync(
                new("CUSTOMER_CREATED", $"customer-{customer}", new { customer = $"Example {customer} Ltd" }, Group: "sales"),
                cancellationToken
            )
        );
        narrator.Good(
            $"{Customers} customers were created, and each event came {Repeats} times to two nodes at once: "
                + $"{answers.Sum(answer => answer.Planned)} notifications for {Users} colleagues."
        );

        var tally = new Tally();
        var nodes = stage.Alive.Select(node => node.Address).ToArray();
        foreach (var (user, n) in users.Select((user, n) => (user, n)))
        {
            await using var app = new InboxApp(user, await stage.Engine.TokenAsync(user, cancellationToken));
            await Until.TrueAsync(
                async () => (int)(await app.ListAsync(nodes[n % nodes.Length], cancellationToken))["count"]! >= Customers,
                Patience,
                cancellationToken
            );
            var items = (await app.ListAsync(nodes[n % nodes.Length], cancellationToken))["results"]!.AsArray();
            for (var customer = 1; customer <= Customers; customer++)
            {
                tally.Count(
                    $"{user} about customer {customer}",
                    1,
                    items.Count(item => ((string)item!["message"]!).Contains($"Example {customer} Ltd", StringComparison.Ordinal))
                );
            }
        }
        var suppressed = answers.Sum(answer => answer.Suppressed);
        const int Second = Customers * Users * (Repeats - 1);
        tally.Check(suppressed == Second, $"{Second} second requests should have been suppressed, and {suppressed} were.");
        narrator.Good(
            $"Each colleague's inbox has one item per customer; {suppressed} second ones were suppressed, each by the row of the first."
        );
        return tally.Result(Name, suppressed);
    }
}
