using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Storage;
using Reminders.Words;

namespace Reminders.Texts;

/// <summary>
/// Keeps the kinds' texts on this node as they were set last, by whichever node: it hears of a change at once, and looks every five
/// seconds. What renders a message reads them from memory. A text that this node's build of a kind cannot use leaves that kind as it is.
/// </summary>
internal sealed partial class LiveTexts(
    Database database,
    KindCatalog kinds,
    IEnumerable<ITexts> sources,
    StayBook book,
    Signals signals,
    LoopWatch loops,
    Outages outages,
    TimeProvider time,
    ILogger<LiveTexts> logger
) : BackgroundService
{
    private const string What = "Looking for changed texts";
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SourcesEvery = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);

    // What this node would say if no operator had set anything, where that is not what the kind declares.
    private readonly Dictionary<string, IDictionary<string, Dictionary<string, string>>> _own = new(StringComparer.Ordinal);
    private (long, long) _seen = (-1, 0);
    private IReadOnlyList<KindText> _given = [];
    private DateTimeOffset _askAt;

    /// <summary>Before anything is sent, if the database can be asked by then.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            outages.Failed(What, exception);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pulse = loops.Add("look for changed texts", TimeSpan.FromMinutes(2));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signals.Texts.WaitAsync(Poll, time, stoppingToken);
                await LookAsync(stoppingToken);
                pulse.Beat();
                outages.Works(What);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
            catch (Exception exception)
            {
                outages.Failed(What, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Takes over what has changed.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var isGiven = await AskSourcesAsync(cancellationToken);
        await using var look = database.CreateCommand("SELECT count(*), coalesce(max(id), 0) FROM reminders.text_version");
        (long, long) there;
        await using (var reader = await look.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            there = (reader.GetInt64(0), reader.GetInt64(1));
        }

        var isNew = there != _seen || isGiven;
        if (isNew)
        {
            await UseAsync(cancellationToken);
            _seen = there;
        }

        await book.NoteAsync(
            kinds.Kinds.Values.Select(kind => kind.WithTexts(_own.GetValueOrDefault(kind.Name) ?? kind.DeclaredTexts)),
            isNew,
            cancellationToken
        );
    }

    private async Task UseAsync(CancellationToken cancellationToken)
    {
        var standing = await TextBoard.StandingAsync(database.CreateCommand, cancellationToken);
        foreach (var kind in kinds.Kinds.Values)
        {
            Use(kind, [.. _given.Where(one => one.Kind == kind.Name)], [.. standing.Where(one => one.Kind == kind.Name)]);
        }
    }

    private void Use(KindDefinition kind, KindText[] given, TextVersion[] set)
    {
        var texts = TextRules.Over(kind, given.Concat(set.SelectMany(one => one.All)));
        if (TextRules.Problems(kinds, kind, texts).FirstOrDefault() is { } wrong)
        {
            var problem = Wording.English.Of(wrong);
            if (_refused.GetValueOrDefault(kind.Name) != problem)
            {
                _refused[kind.Name] = problem;
                LogRefused(kind.Name, OutsideText.Clean(problem));
            }

            return;
        }

        _refused.Remove(kind.Name);
        // Whoever renders has one or the other, whole.
        kind.Templates = texts;
        _own[kind.Name] = given.Length == 0 ? kind.DeclaredTexts : TextRules.Over(kind, given);
    }

    /// <returns>Whether the app's own sources were asked.</returns>
    private async Task<bool> AskSourcesAsync(CancellationToken cancellationToken)
    {
        if (!sources.Any() || time.GetUtcNow() < _askAt)
        {
            return false;
        }

        _askAt = time.GetUtcNow() + SourcesEvery;
        try
        {
            var given = new List<KindText>();
            foreach (var source in sources)
            {
                given.AddRange(await source.ReadAsync(cancellationToken));
            }

            _given = given;
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogSource(exception);
            return false;
        }
    }

    [LoggerMessage(
        8301,
        LogLevel.Error,
        "The texts that were set for {Kind} are not used on this node, which keeps those it has: {Problem}"
    )]
    private partial void LogRefused(string kind, string problem);

    [LoggerMessage(8302, LogLevel.Warning, "The app's source of texts failed; those it gave before stay")]
    private partial void LogSource(Exception exception);
}
