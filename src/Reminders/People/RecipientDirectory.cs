using Reminders.Commands;
using Reminders.Storage;
using Reminders.Zones;

namespace Reminders.People;

/// <summary>A person as the API shows them.</summary>
public sealed record RecipientView(
    string Reference,
    string Name,
    string Locale,
    string Zone,
    QuietHours? QuietHours,
    IReadOnlyList<AddressView> Addresses,
    IReadOnlyList<PreferenceView> Preferences,
    IReadOnlyList<string> Groups,
    string StartCode
);

/// <param name="State">reachable, unreachable or opted_out.</param>
/// <param name="Reason">Why it is not reachable.</param>
public sealed record AddressView(string Channel, string Address, string State, string? Reason);

/// <param name="Kind"><c>*</c> for any.</param>
/// <param name="Channel"><c>*</c> for any.</param>
public sealed record PreferenceView(string Kind, string Channel, bool Wanted);

/// <summary>Looks people up by the reference their owner knows them by.</summary>
internal sealed class RecipientDirectory(CommandTransaction db, OwnedNames names)
{
    /// <returns>NotFound when the caller has nobody of that reference, whoever else may.</returns>
    public async Task<Outcome<RecipientView>> FindAsync(string reference, CancellationToken cancellationToken)
    {
        var (named, refused) = await names.PersonAsync<RecipientView>(reference, cancellationToken);
        return named is { } id && await ReadAsync(id, cancellationToken) is { } person
            ? new Outcome<RecipientView>.Done(person)
            : refused ?? PersonNamed.Nobody<RecipientView>(reference);
    }

    /// <summary>The person of that number; null when there is none, or none any more.</summary>
    public async Task<RecipientView?> ReadAsync(long id, CancellationToken cancellationToken)
    {
        await using var find = db.Command(
                """
                SELECT r.reference, r.name, r.locale, r.zone, r.quiet_from, r.quiet_to, r.start_code,
                       array(SELECT g.name FROM reminders.group_member m JOIN reminders.recipient_group g ON g.id = m.group_id
                             WHERE m.recipient_id = r.id ORDER BY g.name)
                FROM reminders.recipient r WHERE r.id = $1
                """
            )
            .With(id);
        RecipientView person;
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            var quiet = reader.IsDBNull(4) ? null : new QuietHours(reader.GetFieldValue<TimeOnly>(4), reader.GetFieldValue<TimeOnly>(5));
            person = new(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                quiet,
                [],
                [],
                reader.GetFieldValue<string[]>(7),
                reader.GetString(6)
            );
        }
        return person with
        {
            Addresses = await AddressesAsync(id, cancellationToken),
            Preferences = await PreferencesAsync(id, cancellationToken),
        };
    }

    private async Task<IReadOnlyList<AddressView>> AddressesAsync(long id, CancellationToken cancellationToken)
    {
        await using var find = db.Command(
                """
                SELECT a.channel, a.address, CASE WHEN o.key IS NULL THEN a.state ELSE 'opted_out' END,
                       CASE WHEN o.key IS NULL THEN a.reason ELSE 'asked_for_it' END
                FROM reminders.address a LEFT JOIN reminders.opt_out o ON o.key = a.key
                WHERE a.recipient_id = $1 ORDER BY a.channel
                """
            )
            .With(id);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var addresses = new List<AddressView>();
        while (await reader.ReadAsync(cancellationToken))
        {
            addresses.Add(
                new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3))
            );
        }

        return addresses;
    }

    private async Task<IReadOnlyList<PreferenceView>> PreferencesAsync(long id, CancellationToken cancellationToken)
    {
        await using var find = db.Command(
                "SELECT kind, channel, wanted FROM reminders.preference WHERE recipient_id = $1 ORDER BY kind, channel"
            )
            .With(id);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        var preferences = new List<PreferenceView>();
        while (await reader.ReadAsync(cancellationToken))
        {
            preferences.Add(new(reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        }

        return preferences;
    }
}
