using System.Diagnostics.Metrics;
using Reminders.Channels;
using Reminders.Storage;

namespace Reminders.Inbound;

/// <summary>
/// How updates get here, in the provider's own last word and in what this node itself took or refused. Gathered in memory and
/// written down every few seconds: a stranger who posts without the secret must not cost a write each.
/// </summary>
internal sealed class SourceWatch
{
    /// <summary>A problem that was mended at once is still shown for so long: somebody else's doing, it may come again.</summary>
    public static readonly TimeSpan Lingers = TimeSpan.FromMinutes(1);

    // So that an unchanged word is not written at each poll.
    private static readonly TimeSpan Repeated = TimeSpan.FromSeconds(10);

    private readonly Database _dataSource;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Word> _words = new(StringComparer.Ordinal);

    public SourceWatch(Database dataSource, TimeProvider time, IMeterFactory meters)
    {
        (_dataSource, _time) = (dataSource, time);
        var meter = meters.Create("Reminders");
        meter.CreateObservableGauge(
            "reminders.source.pending",
            () => Measure(word => word.Pending),
            "{update}",
            "Updates that wait at the provider, as it last told the node that asks it."
        );
        meter.CreateObservableGauge(
            "reminders.source.trouble",
            () => Measure(word => word.Problem is null ? 0 : 1),
            "{source}",
            "1 while the provider says that updates do not get here."
        );
    }

    /// <summary>An update came in and was taken.</summary>
    public void Accepted(string source) => Change(source, word => word.AcceptedAt = _time.GetTimestamp());

    /// <summary>Somebody posted what is not the provider's: a wrong secret or signature.</summary>
    public void Refused(string source, string why) =>
        Change(
            source,
            word => (word.RefusedAt, word.Refusal, word.RefusedMore) = (_time.GetTimestamp(), OutsideText.Clean(why), word.RefusedMore + 1)
        );

    /// <summary>The provider was asked, and all is well.</summary>
    public void Well(string source, int pending = 0) =>
        Change(
            source,
            word =>
            {
                if (word.ProblemAt is { } since && word.Lasting && _time.GetElapsedTime(since) < Lingers)
                {
                    Say(word, word.Problem, pending);
                }
                else
                {
                    Say(word, null, pending);
                }
            }
        );

    /// <summary>The provider was asked, or answered for itself, and something is wrong.</summary>
    /// <param name="lasting">It was mended, and stays shown for a while.</param>
    public void Trouble(string source, string problem, int pending = 0, bool lasting = false) =>
        Change(
            source,
            word =>
            {
                (word.ProblemAt, word.Lasting) = (_time.GetTimestamp(), lasting);
                Say(word, OutsideText.Clean(problem), pending);
            }
        );

    /// <summary>Writes down what changed.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        foreach (var (source, given) in Take())
        {
            await using var keep = _dataSource
                .CreateCommand(Keep)
                .With(
                    source,
                    given.Checked,
                    given.Problem,
                    given.Pending,
                    Age(given.AcceptedAt),
                    Age(given.RefusedAt),
                    given.Refusal,
                    given.RefusedMore
                );
            foreach (
                var (place, type) in ((int, NpgsqlTypes.NpgsqlDbType)[])
                    [
                        (2, NpgsqlTypes.NpgsqlDbType.Text),
                        (4, NpgsqlTypes.NpgsqlDbType.Interval),
                        (5, NpgsqlTypes.NpgsqlDbType.Interval),
                        (6, NpgsqlTypes.NpgsqlDbType.Text),
                    ]
            )
            {
                keep.Parameters[place].NpgsqlDbType = type;
            }

            try
            {
                await keep.ExecuteNonQueryAsync(cancellationToken);
            }
            catch
            {
                GiveBack(source, given);
                throw;
            }
        }
    }

    private void Say(Word word, string? problem, int pending)
    {
        if (problem != word.Problem || pending != word.Pending || word.CheckedAt is not { } last || _time.GetElapsedTime(last) >= Repeated)
        {
            (word.Checked, word.CheckedAt) = (true, _time.GetTimestamp());
        }

        (word.Problem, word.Pending) = (problem, pending);
    }

    private void Change(string source, Action<Word> change)
    {
        lock (_gate)
        {
            if (!_words.TryGetValue(source, out var word))
            {
                _words[source] = word = new();
            }

            change(word);
        }
    }

    private List<(string Source, Word Given)> Take()
    {
        var changed = new List<(string, Word)>();
        lock (_gate)
        {
            foreach (
                var (source, word) in _words.Where(pair =>
                    pair.Value is { Checked: true } or { AcceptedAt: not null } or { RefusedMore: > 0 }
                )
            )
            {
                changed.Add((source, word.Copy()));
                (word.Checked, word.AcceptedAt, word.RefusedAt, word.RefusedMore) = (false, null, null, 0);
            }
        }
        return changed;
    }

    private void GiveBack(string source, Word given)
    {
        lock (_gate)
        {
            var word = _words[source];
            (word.Checked, word.AcceptedAt, word.RefusedAt, word.RefusedMore) = (
                word.Checked || given.Checked,
                word.AcceptedAt ?? given.AcceptedAt,
                word.RefusedAt ?? given.RefusedAt,
                word.RefusedMore + given.RefusedMore
            );
        }
    }

    private TimeSpan? Age(long? stamp) => stamp is { } then ? _time.GetElapsedTime(then) : null;

    private List<Measurement<int>> Measure(Func<Word, int> value)
    {
        lock (_gate)
        {
            return
            [
                .. _words
                    .Where(pair => pair.Value.CheckedAt is not null)
                    .Select(pair => new Measurement<int>(value(pair.Value), new KeyValuePair<string, object?>("source", pair.Key))),
            ];
        }
    }

    private sealed class Word
    {
        public bool Checked { get; set; }
        public long? CheckedAt { get; set; }
        public string? Problem { get; set; }
        public long? ProblemAt { get; set; }
        public bool Lasting { get; set; }
        public int Pending { get; set; }
        public long? AcceptedAt { get; set; }
        public long? RefusedAt { get; set; }
        public string? Refusal { get; set; }
        public long RefusedMore { get; set; }

        public Word Copy() => (Word)MemberwiseClone();
    }

    private static readonly string Keep = Statement.Named("Inbound/Sql/keep-source.sql");
}
