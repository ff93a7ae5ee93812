using System.Text.Json;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Texts;

/// <summary>Writes a version that keeps the rules, and lets every node know.</summary>
internal sealed class TextPress(CommandTransaction db, TextDesk desk, Audit audit, Caller caller, Signals signals, AfterCommit afterCommit)
{
    public async Task<Outcome<TextsShown>> PrintAsync(
        KindDefinition kind,
        IReadOnlyList<TextVersion> all,
        TextVersion now,
        IReadOnlyDictionary<string, string> texts,
        string action,
        string reason,
        CancellationToken cancellationToken
    )
    {
        var isSame = texts.Count == now.Texts.Count && texts.All(text => now.Texts.TryGetValue(text.Key, out var was) && was == text.Value);
        var next = isSame ? now : now with { Version = now.Version + 1, Texts = texts };
        var (shown, wrong) = await desk.TryAsync(kind, all, next, cancellationToken);
        if (shown is null)
        {
            return new Outcome<TextsShown>.Invalid(wrong.All);
        }

        if (isSame)
        {
            return new Outcome<TextsShown>.Done(shown, Changed: false);
        }

        // Whoever changes the same at the same time has the same number, and one of the two is told so.
        await using var insert = db.Command(
                """
                INSERT INTO reminders.text_version (kind, locale, version, texts, set_by, reason) VALUES ($1, $2, $3, $4::jsonb, $5, $6)
                ON CONFLICT ON CONSTRAINT text_version_identity DO NOTHING
                """
            )
            .With(kind.Name, next.Locale, next.Version, JsonSerializer.Serialize(texts), caller.Name, reason);
        if (await insert.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return Outcome<TextsShown>.Conflict.Of("texts_changed");
        }

        await audit.WriteAsync(action, $"kind {kind.Name}", Line(now), Line(next), reason, cancellationToken);
        await using var notify = db.Command("SELECT pg_notify('reminders_texts', ''), pg_notify('reminders_console', '')");
        await notify.ExecuteNonQueryAsync(cancellationToken);
        afterCommit.Add(_ =>
        {
            signals.Texts.Set();
            return Task.CompletedTask;
        });
        return new Outcome<TextsShown>.Done(shown);
    }

    private static object Line(TextVersion version) =>
        new
        {
            version.Locale,
            version.Version,
            version.Texts,
        };
}
