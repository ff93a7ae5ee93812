using System.Globalization;
using Reminders.Lab.Simulation;
using Reminders.Lab.Telegram;

namespace Reminders.Lab.Chaos.Faults;

/// <summary>For some seconds a share of the Bot API's calls goes wrong in one or two of the ways Telegram knows.</summary>
internal sealed class SpoilTelegram : IFault
{
    private static readonly FaultKind[] Kinds =
    [
        FaultKind.Delay,
        FaultKind.DropReply,
        FaultKind.CutBefore,
        FaultKind.BadGatewayAfter,
        FaultKind.BadGatewayBefore,
        FaultKind.HtmlAfter,
        FaultKind.NeverAnswer,
        FaultKind.TooManyRequests,
        FaultKind.RepeatUpdate,
    ];

    private static readonly string[] Methods = ["sendMessage", "sendMessage", "editMessageText", "*"];

    public string Kind => "telegram";

    public async Task StrikeAsync(Victims victims, Random random, CancellationToken cancellationToken)
    {
        FaultRule[] rules = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Rule(random))];
        var span = random.Between(2, 8);
        var detail = string.Join(", ", rules.Select(rule => $"{rule.Kind} of {rule.Method} {rule.Probability:P0}"));
        await victims.Log.DuringAsync(
            Kind,
            null,
            string.Create(CultureInfo.InvariantCulture, $"{detail} for {span.TotalSeconds:0.0} s"),
            async () =>
            {
                // Before the everyday ones: a call is spoilt by the first rule that takes it.
                victims.Telegram.Faults.Clear();
                foreach (var rule in rules)
                {
                    victims.Telegram.Faults.Add(rule);
                }

                BeItself(victims.Telegram);
                await victims.Time.ForAsync(span, cancellationToken);
                victims.Telegram.Faults.Clear();
                BeItself(victims.Telegram);
            }
        );
    }

    /// <summary>Telegram on a good day: it answers, but not at once. Without this nothing is ever in flight for long.</summary>
    public static void BeItself(TelegramSimulator telegram) =>
        telegram
            .Faults.Add(new(FaultKind.Delay) { Delay = TimeSpan.FromMilliseconds(120) })
            .Add(new(FaultKind.Delay) { Delay = TimeSpan.FromMilliseconds(600), Probability = 0.1 });

    private static FaultRule Rule(Random random) =>
        new(random.OneOf(Kinds))
        {
            Method = random.OneOf(Methods),
            Probability = 0.05 + 0.3 * random.NextDouble(),
            // Well under or well over what the sender waits (3 s). In between Telegram believes it has answered, and the sender
            // that it was not: a doubt that nobody has injected.
            Delay = random.Next(2) == 0 ? random.Between(0.5, 1.5) : random.Between(4.5, 5.5),
            RetryAfter = random.Next(1, 4),
            PausesBot = random.Next(2) == 0,
        };
}
