using System.Text.Json;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Texts;

/// <summary>
/// Notes which texts this node has of its own, before it sends the first of them and every half a minute while it runs: when a build is
/// gone is not known otherwise. One statement for all kinds, which writes nothing where another node of the same texts has just done so.
/// </summary>
internal sealed class StayBook(Database database, Signals signals, Outages outages, TimeProvider time)
{
    private const string What = "Noting which texts this node has";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    // Less than the time between two notes, so that one of them is never left out and the next too late.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(20);

    // A node that could not reach the database for a while goes on with its stay, and two builds do not take turns in new ones.
    private static readonly TimeSpan Away = TimeSpan.FromMinutes(5);

    private DateTimeOffset _noteAt;

    /// <param name="own">Each kind with the texts that it would have if nobody had set any.</param>
    /// <param name="isNew">Whether they may be others than they were.</param>
    public async Task NoteAsync(IEnumerable<KindDefinition> own, bool isNew, CancellationToken cancellationToken)
    {
        // What a node has that sends nothing, nobody gets to read.
        if (signals.Outbox.Count == 0 || (!isNew && time.GetUtcNow() < _noteAt))
        {
            return;
        }

        try
        {
            (string Kind, string Locale, SortedDictionary<string, string?> Prints)[] all =
            [
                .. own.SelectMany(kind =>
                    kind.Templates.Keys.Where(TextRules.IsLocale)
                        .Select(locale => (kind.Name, locale.ToLowerInvariant(), TextPrint.OfRendered(kind, locale)))
                ),
            ];
            await using var note = database
                .CreateCommand(Statement.Named("Texts/Sql/note-stays.sql"))
                .With(
                    all.Select(one => one.Kind).ToArray(),
                    all.Select(one => one.Locale).ToArray(),
                    all.Select(one => TextPrint.Of(one.Prints)).ToArray(),
                    all.Select(one => JsonSerializer.Serialize(one.Prints)).ToArray(),
                    Fresh,
                    Away
                );
            await note.ExecuteNonQueryAsync(cancellationToken);
            _noteAt = time.GetUtcNow() + Every;
            outages.Works(What);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What is sent matters more than what is told of it: the next look notes it.
            outages.Failed(What, exception);
        }
    }
}
