using MediatR;
using Npgsql;
using NpgsqlTypes;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Storage;
using Reminders.Subjects;
using Reminders.Zones;

namespace Reminders.People;

/// <summary>
/// Writes up to 10,000 of the caller's people at once, new or known by their reference, which is the caller's own: another owner's
/// person of that reference is another person. What is left out stays as it is.
/// </summary>
public sealed record KeepRecipients(IReadOnlyList<RecipientDraft>? Recipients) : ICommand<Outcome<RecipientsKept>>
{
    /// <summary>How many people one request may name.</summary>
    public const int Most = 10_000;
}

/// <param name="Reference">The booking app's own id of the person.</param>
/// <param name="Addresses">By channel: <c>telegram</c> (a chat id), <c>email</c>, <c>whatsapp</c> (a phone number with its country code),
/// and channels of the app's own.</param>
/// <param name="QuietHours">Local times between which nothing new is sent; the same twice means none.</param>
/// <param name="Preferences">All of them: those given before are forgotten. Where none fits, everything is wanted.</param>
public sealed record RecipientDraft(
    string? Reference,
    string? Name,
    string? Locale = null,
    string? Zone = null,
    IReadOnlyDictionary<string, string>? Addresses = null,
    QuietHours? QuietHours = null,
    IReadOnlyList<PreferenceDraft>? Preferences = null
);

/// <param name="Wanted">Whether the person wants it.</param>
/// <param name="Kind">A kind's name; left out, any.</param>
/// <param name="Channel">A channel's name, or <c>inbox</c>; left out, any.</param>
public sealed record PreferenceDraft(bool? Wanted, string? Kind = null, string? Channel = null);

/// <param name="Kept">How many people were written.</param>
public sealed record RecipientsKept(int Kept);

internal sealed class KeepRecipientsHandler(
    CommandTransaction db,
    SubjectChanges changes,
    ZoneAgreement zones,
    ChannelCatalog channels,
    Caller caller
) : IRequestHandler<KeepRecipients, Outcome<RecipientsKept>>
{
    public async Task<Outcome<RecipientsKept>> Handle(KeepRecipients request, CancellationToken cancellationToken)
    {
        var errors = RecipientRules.Check(request.Recipients, channels);
        if (errors.Count > 0)
        {
            return new Outcome<RecipientsKept>.Invalid(errors);
        }

        if (
            await zones.ProblemsAsync(
                db,
                request.Recipients!.Select((person, i) => ($"recipients[{i}].zone", person.Zone)),
                cancellationToken
            ) is
            { Count: > 0 } disagreed
        )
        {
            return new Outcome<RecipientsKept>.Invalid(disagreed);
        }

        // In the order of their references, so that two bulks with people in common cannot deadlock.
        var people = request.Recipients!.OrderBy(person => person.Reference, StringComparer.Ordinal).ToArray();
        var ids = await UpsertAsync(people, cancellationToken);
        await ChangeSettingsAsync(people, ids, cancellationToken);
        await AddressAsync(people, ids, cancellationToken);
        await PreferAsync(people, ids, cancellationToken);
        if (await db.ResumeWaitingAsync([.. ids.Values], cancellationToken) > 0)
        {
            changes.WakeDue();
        }

        return new Outcome<RecipientsKept>.Done(new(people.Length));
    }

    private async Task<Dictionary<string, long>> UpsertAsync(RecipientDraft[] people, CancellationToken cancellationToken)
    {
        await using var upsert = db.Command(Statement.Named("People/Sql/keep-recipients.sql"));
        Add(upsert, NpgsqlDbType.Text, people.Select(person => person.Reference!.Trim()).ToArray());
        Add(upsert, NpgsqlDbType.Text, people.Select(person => person.Name!.Trim()).ToArray());
        Add(upsert, NpgsqlDbType.Text, people.Select(person => person.Locale).ToArray());
        Add(upsert, NpgsqlDbType.Text, people.Select(person => person.Zone).ToArray());
        Add(upsert, NpgsqlDbType.Time, people.Select(person => person.QuietHours?.From).ToArray());
        Add(upsert, NpgsqlDbType.Time, people.Select(person => person.QuietHours?.To).ToArray());
        upsert.With(caller.Owner);
        var ids = new Dictionary<string, long>(people.Length, StringComparer.Ordinal);
        await using var reader = await upsert.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids[reader.GetString(0)] = reader.GetInt64(1);
        }

        return ids;
    }

    private async Task ChangeSettingsAsync(RecipientDraft[] people, Dictionary<string, long> ids, CancellationToken cancellationToken)
    {
        var given = people.Where(person => person.Locale is not null || person.Zone is not null || person.QuietHours is not null).ToArray();
        if (given.Length == 0)
        {
            return;
        }

        await using var change = db.Command(ChangeSettings);
        Add(change, NpgsqlDbType.Bigint, given.Select(person => ids[person.Reference!.Trim()]).ToArray());
        Add(change, NpgsqlDbType.Text, given.Select(person => person.Locale).ToArray());
        Add(change, NpgsqlDbType.Text, given.Select(person => person.Zone).ToArray());
        Add(change, NpgsqlDbType.Time, given.Select(person => person.QuietHours?.From).ToArray());
        Add(change, NpgsqlDbType.Time, given.Select(person => person.QuietHours?.To).ToArray());
        await change.ExecuteNonQueryAsync(cancellationToken);
    }

    internal static readonly string ChangeSettings = Statement.Named("People/Sql/change-settings.sql");

    private async Task AddressAsync(RecipientDraft[] people, Dictionary<string, long> ids, CancellationToken cancellationToken)
    {
        var addresses = people
            .SelectMany(person =>
                (person.Addresses ?? new Dictionary<string, string>()).Select(address =>
                    (
                        Id: ids[person.Reference!.Trim()],
                        Channel: address.Key,
                        Address: channels.Of(address.Key).Address.Normal(address.Value)
                    )
                )
            )
            .ToArray();
        if (addresses.Length == 0)
        {
            return;
        }

        await using var upsert = db.Command(Statement.Named("People/Sql/keep-addresses.sql"))
            .With(
                addresses.Select(one => one.Id).ToArray(),
                addresses.Select(one => one.Channel).ToArray(),
                addresses.Select(one => one.Address).ToArray(),
                caller.Name,
                ChannelNames.Chat
            );
        await upsert.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task PreferAsync(RecipientDraft[] people, Dictionary<string, long> ids, CancellationToken cancellationToken)
    {
        var given = people.Where(person => person.Preferences is not null).ToArray();
        if (given.Length == 0)
        {
            return;
        }

        await using (
            var forget = db.Command("DELETE FROM reminders.preference WHERE recipient_id = ANY ($1)")
                .With((object)given.Select(person => ids[person.Reference!.Trim()]).ToArray())
        )
        {
            await forget.ExecuteNonQueryAsync(cancellationToken);
        }

        var lines = given
            .SelectMany(person => person.Preferences!.Select(line => (Id: ids[person.Reference!.Trim()], Line: line)))
            .DistinctBy(one => (one.Id, one.Line.Kind, one.Line.Channel))
            .ToArray();
        await using var insert = db.Command(
                """
                INSERT INTO reminders.preference (recipient_id, kind, channel, wanted) SELECT * FROM unnest($1, $2, $3, $4)
                """
            )
            .With(
                lines.Select(one => one.Id).ToArray(),
                lines.Select(one => one.Line.Kind ?? "*").ToArray(),
                lines.Select(one => one.Line.Channel ?? "*").ToArray(),
                lines.Select(one => one.Line.Wanted!.Value).ToArray()
            );
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add(NpgsqlCommand command, NpgsqlDbType element, object value) =>
        command.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | element });
}
