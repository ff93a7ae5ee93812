using System.Collections.Concurrent;

namespace Reminders.Lab.Simulation;

/// <summary>
/// The faults in force. Thread-safe, and repeatable: whether a rule takes a call is drawn from the seed, the rule's
/// number, the chat and how many calls of that chat the rule has seen, so that the order in which concurrent calls of
/// different chats happen to arrive changes nothing.
/// </summary>
/// <param name="send">The provider's method that sends: what a rule is about that names none.</param>
/// <param name="time">The clock of <see cref="FaultRule.For"/>. Default: the system's.</param>
public sealed class FaultPlan(int seed = 1, string send = "sendMessage", TimeProvider? time = null)
{
    private readonly Lock _gate = new();
    private ArmedRule[] _rules = [];
    private int _added;

    /// <summary>The rules that are not spent yet.</summary>
    public IReadOnlyList<FaultRule> Rules => [.. Volatile.Read(ref _rules).Where(r => !r.Spent).Select(r => r.Rule)];

    /// <summary>Adds a rule behind the others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A share outside 0–1, or a count, delay or wait that makes no sense.</exception>
    public FaultPlan Add(FaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(rule.Method);
        rule = rule.Method.Length == 0 ? rule with { Method = send } : rule;
        if (!(rule.Probability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rule), rule.Probability, "Probability must be between 0 and 1.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(rule.Next ?? 0, nameof(rule.Next));
        ArgumentOutOfRangeException.ThrowIfLessThan(rule.For ?? TimeSpan.Zero, TimeSpan.Zero, nameof(rule.For));
        ArgumentOutOfRangeException.ThrowIfLessThan(rule.Delay, TimeSpan.Zero, nameof(rule.Delay));
        ArgumentOutOfRangeException.ThrowIfLessThan(rule.RetryAfter, 1, nameof(rule.RetryAfter));
        lock (_gate)
        {
            Volatile.Write(
                ref _rules,
                [.. _rules.Where(r => !r.Spent), new ArmedRule(rule, HashCode(seed, ++_added), time ?? TimeProvider.System)]
            );
        }

        return this;
    }

    /// <summary>The next <paramref name="count"/> calls of <paramref name="method"/> (default: those that send) suffer
    /// <paramref name="kind"/>.</summary>
    public FaultPlan Next(FaultKind kind, int count = 1, long? chatId = null, string method = "") =>
        Add(
            new FaultRule(kind)
            {
                Next = count,
                ChatId = chatId,
                Method = method,
            }
        );

    /// <summary>A share of all calls of <paramref name="method"/> (default: those that send) suffers <paramref name="kind"/>.</summary>
    public FaultPlan Share(FaultKind kind, double probability, string method = "") =>
        Add(new FaultRule(kind) { Probability = probability, Method = method });

    /// <summary>No more faults.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Volatile.Write(ref _rules, []);
        }
    }

    internal FaultDecision Decide(string method, long chatId)
    {
        var rules = Volatile.Read(ref _rules);
        if (rules.Length == 0)
        {
            return default;
        }

        var delay = TimeSpan.Zero;
        foreach (var armed in rules)
        {
            if (armed.Rule.Kind == FaultKind.RepeatUpdate || !armed.Takes(method, chatId))
            {
                continue;
            }

            if (armed.Rule.Kind != FaultKind.Delay)
            {
                return new FaultDecision(armed.Rule, delay);
            }

            delay += armed.Rule.Delay;
        }

        return new FaultDecision(null, delay);
    }

    internal bool RepeatsUpdate(long chatId)
    {
        foreach (var armed in Volatile.Read(ref _rules))
        {
            if (armed.Rule.Kind == FaultKind.RepeatUpdate && armed.Takes(armed.Rule.Method, chatId))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>System.HashCode is seeded anew in each process; this one is the same everywhere (splitmix64's finaliser).</summary>
    private static ulong HashCode(long a, long b)
    {
        var x = unchecked(((ulong)a * 0x9E3779B97F4A7C15UL) ^ ((ulong)b + 0xD1B54A32D192ED03UL));
        x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL);
        x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EBUL);
        return x ^ (x >> 31);
    }

    private sealed class ArmedRule(FaultRule rule, ulong seed, TimeProvider time)
    {
        private readonly long _armed = time.GetTimestamp();
        private readonly ConcurrentDictionary<long, int> _seen = new();
        private int _left = rule.Next ?? -1;

        public FaultRule Rule => rule;

        public bool Spent => rule.Next is not null && Volatile.Read(ref _left) <= 0 || time.GetElapsedTime(_armed) >= rule.For;

        public bool Takes(string method, long chatId)
        {
            if (
                (rule.Method != "*" && !string.Equals(rule.Method, method, StringComparison.OrdinalIgnoreCase))
                || (rule.ChatId is { } only && only != chatId)
                || Spent
            )
            {
                return false;
            }

            if (rule.Probability < 1)
            {
                var nth = _seen.AddOrUpdate(chatId, 1, static (_, n) => n + 1);
                var draw = HashCode(unchecked((long)seed ^ nth), chatId) >> 11;
                if (draw * (1.0 / (1UL << 53)) >= rule.Probability)
                {
                    return false;
                }
            }

            return rule.Next is null || Interlocked.Decrement(ref _left) >= 0;
        }
    }
}

/// <summary>What happens to one call.</summary>
internal readonly record struct FaultDecision(FaultRule? Rule, TimeSpan Delay)
{
    public FaultKind? Kind => Rule?.Kind;

    /// <summary>The kind to write beside what is accepted, when its reply will not reach the client.</summary>
    public FaultKind? Hiding =>
        Kind is FaultKind.DropReply or FaultKind.BadGatewayAfter or FaultKind.HtmlAfter or FaultKind.NeverAnswer ? Kind : null;
}
