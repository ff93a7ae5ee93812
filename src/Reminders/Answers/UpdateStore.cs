using System.Globalization;
using System.Text.Json;
using Npgsql;
using Reminders.Channels.Telegram;
using Reminders.Storage;

namespace Reminders.Answers;

/// <summary>
/// Stores what a provider delivers, each update once under the provider's own id (rule 13), before anybody tries to
/// understand it. The provider is answered as soon as this has committed.
/// </summary>
internal sealed class UpdateStore(NpgsqlDataSource dataSource, Signals signals)
{
    public const string Telegram = "telegram";

    /// <returns>How many were new.</returns>
    public async Task<int> StoreAsync(string source, IReadOnlyList<RawUpdate> updates, CancellationToken cancellationToken)
    {
        if (updates.Count == 0)
            return 0;
        await using var command = dataSource.CreateCommand("""
            WITH given AS (
                SELECT DISTINCT ON (provider_id) provider_id, sender, payload, rank
                FROM unnest($2, $3, $4) WITH ORDINALITY AS t (provider_id, sender, payload, rank)
                ORDER BY provider_id, rank),
            stored AS (
                INSERT INTO reminders.inbound_update AS u (source, provider_id, sender, payload)
                SELECT $1, provider_id, sender, payload::jsonb FROM given ORDER BY rank
                ON CONFLICT (source, provider_id) DO UPDATE SET repeats = u.repeats + 1
                RETURNING u.repeats),
            woken AS (SELECT pg_notify('reminders_inbound', ''))
            SELECT count(*) FILTER (WHERE repeats = 0), (SELECT count(*) FROM woken) FROM stored
            """);
        command.With(
            source, updates.Select(update => update.UpdateId.ToString(CultureInfo.InvariantCulture)).ToArray(),
            updates.Select(Sender).ToArray(), updates.Select(update => StorableJson.Of(update.Json)).ToArray());
        var added = (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
        signals.Inbound.Set();
        return added;
    }

    /// <summary>Whose turn-taking the update belongs to: presses of one person are handled in the order they came.</summary>
    private static string Sender(RawUpdate raw)
    {
        using var json = JsonDocument.Parse(raw.Json);
        return TelegramUpdate.Parse(json.RootElement) is ParsedUpdate.Read { Update: var update }
            ? (update.Callback?.From.Id ?? update.Message?.Chat.Id ?? update.MyChatMember?.Chat.Id ?? 0).ToString(CultureInfo.InvariantCulture)
            : "";
    }
}
