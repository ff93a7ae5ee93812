using System.Globalization;
using System.Text.Json;
using Npgsql;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Bookings;

/// <summary>Reads bookings back for their callers; another's booking is none.</summary>
internal sealed class BookingReader(CommandTransaction db, BotProfile bot, Caller caller)
{
    public async Task<BookingView?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var find = db.Command(
                $"""
                SELECT s.status, s.version, s.happens_at, s.created_at, s.changed_at, s.data::text,
                       {PersonColumns("c")}, {PersonColumns("r")}
                FROM reminders.subject s {Joined("c", BookingSubject.CandidateRole)} {Joined("r", BookingSubject.RecruiterRole)}
                WHERE s.type = '{BookingSubject.Type}' AND s.key = $1 AND (s.owner = $2 OR $3)
                  AND reminders.recruited_by(s, $4)
                """
            )
            .With(id.ToString(), caller.Owner, caller.SeesAll, caller.Recruiter);
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        return View(
            id,
            reader.GetString(0),
            reader.GetInt64(1),
            reader.GetFieldValue<DateTimeOffset>(2),
            reader.GetFieldValue<DateTimeOffset>(3),
            reader.GetFieldValue<DateTimeOffset>(4),
            reader.GetString(5),
            Person(reader, 6),
            Person(reader, 12)
        );
    }

    /// <param name="data">The subject's, as JSON.</param>
    public static BookingView View(
        Guid id,
        string status,
        long version,
        DateTimeOffset startsAt,
        DateTimeOffset createdAt,
        DateTimeOffset changedAt,
        string data,
        PersonView candidate,
        PersonView recruiter
    )
    {
        var said = JsonSerializer.Deserialize<BookingSubject>(data, JsonSerializerOptions.Web)!;
        return new(id, status, version, said.Title, said.Place, startsAt, candidate, recruiter, createdAt, changedAt);
    }

    private static string PersonColumns(string person) =>
        $"""
            {person}.reference, {person}.name, {person}.locale, {person}.zone, {person}.start_code,
            (SELECT address FROM reminders.address WHERE recipient_id = {person}.id AND channel = '{ChannelNames.Chat}'
                AND state = 'reachable')
            """;

    private static string Joined(string person, string role) =>
        $"""
            JOIN reminders.party {person}p ON {person}p.subject_id = s.id AND {person}p.role = '{role}'
            JOIN reminders.recipient {person} ON {person}.id = {person}p.recipient_id
            """;

    /// <param name="first">Reference, name, locale, zone, start code and chat, from that column on.</param>
    public PersonView Person(NpgsqlDataReader reader, int first)
    {
        var code = reader.GetString(first + 4);
        return new(
            reader.GetString(first),
            reader.GetString(first + 1),
            reader.GetString(first + 2),
            reader.GetString(first + 3),
            reader.IsDBNull(first + 5) ? null : long.Parse(reader.GetString(first + 5), CultureInfo.InvariantCulture),
            code,
            bot.StartLink(code)
        );
    }
}
