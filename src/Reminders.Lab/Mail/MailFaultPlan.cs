using System.Collections.Concurrent;

namespace Reminders.Lab.Mail;

/// <summary>
/// The faults in force. Thread-safe, and repeatable: a share is drawn from the seed, the rule, the recipient and how many
/// mails of that recipient the rule has seen, so that the order in which concurrent mails come changes nothing. (Before RCPT
/// there is no recipient yet: there the order counts.)
/// </summary>
public sealed class MailFaultPlan(int seed = 1)
{
    private readonly Lock _gate = new();
    private ArmedRule[] _rules = [];
    private int _added;

    /// <summary>The rules that are not spent yet.</summary>
    public IReadOnlyList<MailFaultRule> Rules => [.. Volatile.Read(ref _rules).Where(r => !r.Spent).Select(r => r.Rule)];

    /// <summary>Adds a rule behind the others.</summary>
    /// <exception cref="ArgumentException">A share outside 0–1, or a count, code, text or delay that makes no sense.</exception>
    public MailFaultPlan Add(MailFaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (!(rule.Probability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rule), rule.Probability, "Probability must be between 0 and 1.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(rule.Next ?? 0, nameof(rule.Next));
        ArgumentOutOfRangeException.ThrowIfLessThan(rule.Delay, TimeSpan.Zero, nameof(rule.Delay));
        if (rule.Code is < 200 or > 599 || rule.Text.AsSpan().IndexOfAny('\r', '\n') >= 0)
        {
            throw new ArgumentException("A reply has a code from 200 to 599 and one line of text.", nameof(rule));
        }

        if (rule.Accepts && (rule.Phase != MailPhase.Dot || rule.Kind == MailFaultKind.Reply))
        {
            throw new ArgumentException(
                "Only at the dot can a mail have arrived, and not behind a reply that says otherwise.",
                nameof(rule)
            );
        }

        if (rule.Recipient is not null && rule.Phase < MailPhase.Recipient)
        {
            throw new ArgumentException($"At {rule.Phase} nobody knows the recipient yet.", nameof(rule));
        }

        lock (_gate)
        {
            Volatile.Write(ref _rules, [.. _rules.Where(r => !r.Spent), new ArmedRule(rule, HashCode.Of(seed, ++_added))]);
        }

        return this;
    }

    /// <summary>The next <paramref name="count"/> mails get this answer at <paramref name="phase"/>.</summary>
    public MailFaultPlan NextReply(int code, MailPhase phase = MailPhase.Dot, int count = 1, string? recipient = null) =>
        Add(
            new MailFaultRule(MailFaultKind.Reply, phase)
            {
                Code = code,
                Next = count,
                Recipient = recipient,
            }
        );

    /// <summary>The next <paramref name="count"/> mails arrive, and the connection is closed instead of saying so.</summary>
    public MailFaultPlan NextAcceptedAndCut(int count = 1, string? recipient = null) =>
        Add(
            new MailFaultRule(MailFaultKind.Cut, MailPhase.Dot)
            {
                Accepts = true,
                Next = count,
                Recipient = recipient,
            }
        );

    /// <summary>No more faults.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Volatile.Write(ref _rules, []);
        }
    }

    internal MailFaultRule? Decide(MailPhase phase, string recipient)
    {
        foreach (var armed in Volatile.Read(ref _rules))
        {
            if (armed.Takes(phase, recipient))
            {
                return armed.Rule;
            }
        }

        return null;
    }

    /// <summary>System.HashCode is seeded anew in each process; this one is the same everywhere (FNV-1a, splitmix64's finaliser).</summary>
    private static class HashCode
    {
        public static ulong Of(long a, long b)
        {
            var x = unchecked(((ulong)a * 0x9E3779B97F4A7C15UL) ^ ((ulong)b + 0xD1B54A32D192ED03UL));
            x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL);
            x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EBUL);
            return x ^ (x >> 31);
        }

        public static long Of(string text) =>
            (long)
                text.Aggregate(
                    0xCBF29CE484222325UL,
                    static (hash, letter) => unchecked((hash ^ char.ToLowerInvariant(letter)) * 0x100000001B3UL)
                );
    }

    private sealed class ArmedRule(MailFaultRule rule, ulong seed)
    {
        private readonly ConcurrentDictionary<string, int> _seen = new(StringComparer.OrdinalIgnoreCase);
        private int _left = rule.Next ?? -1;

        public MailFaultRule Rule => rule;

        public bool Spent => rule.Next is not null && Volatile.Read(ref _left) <= 0;

        public bool Takes(MailPhase phase, string recipient)
        {
            if (rule.Phase != phase || Spent || (rule.Recipient is { } only && !only.Equals(recipient, StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }

            if (rule.Probability < 1)
            {
                var nth = _seen.AddOrUpdate(recipient, 1, static (_, n) => n + 1);
                var draw = HashCode.Of(unchecked((long)seed ^ nth), HashCode.Of(recipient)) >> 11;
                if (draw * (1.0 / (1UL << 53)) >= rule.Probability)
                {
                    return false;
                }
            }

            return rule.Next is null || Interlocked.Decrement(ref _left) >= 0;
        }
    }
}
