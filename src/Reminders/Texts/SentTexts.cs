using Reminders.Commands;
using Reminders.Kinds;

namespace Reminders.Texts;

/// <summary>Whether one message was sent under other texts than stand now.</summary>
internal sealed class SentTexts(CommandTransaction db, KindCatalog kinds)
{
    /// <inheritdoc cref="EarlierText.Of"/>
    public async Task<EarlierText?> FindAsync(
        string kind,
        string locale,
        DateTimeOffset begunAt,
        Func<KindDefinition, IReadOnlyCollection<string>> names,
        CancellationToken cancellationToken
    ) =>
        kinds.Find(kind) is { } known
            ? EarlierText.Of(
                known,
                await TextBoard.SinceAsync(db.Command, [kind], begunAt - EarlierText.Apart, cancellationToken),
                locale,
                begunAt,
                names(known)
            )
            : null;
}
