using Npgsql;
using Reminders.Storage;
using Reminders.Web.Keys;

namespace Reminders.Lab.Bench;

/// <summary>Whose inbox it is, and what opens it.</summary>
internal sealed record InboxOwner(long Id, string Token);

/// <summary>People and their items, written by SQL: writing them is what the engine's firing does, not what is measured.</summary>
internal sealed class BenchInboxes(NpgsqlDataSource dataSource)
{
    public async Task<IReadOnlyList<InboxOwner>> CreateOwnersAsync(int count, CancellationToken cancellationToken)
    {
        var tokens = Enumerable.Range(0, count).Select(_ => RandomSecret.Create(AccessTokens.Prefix)).ToArray();
        await using var create = dataSource
            .CreateCommand(LabStatement.Named("Bench/Sql/inbox-owners.sql"))
            .With(count, tokens.Select(RandomSecret.Hash).ToArray());
        await using var reader = await create.ExecuteReaderAsync(cancellationToken);
        var owners = new List<InboxOwner>(count);
        while (await reader.ReadAsync(cancellationToken))
        {
            owners.Add(new(reader.GetInt64(0), tokens[owners.Count]));
        }

        return owners;
    }

    /// <summary>Subjects for items: one item per person and ticket.</summary>
    public async Task CreateTicketsAsync(int count, CancellationToken cancellationToken)
    {
        await using var create = dataSource
            .CreateCommand(
                """
                INSERT INTO reminders.subject (type, key, status, created_by) SELECT 'ticket', 'T-' || n, 'open', 'bench'
                    FROM generate_series(1, $1) n
                """
            )
            .With(count);
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Gives each of these people an item about each of the tickets from one number to another.</summary>
    public static NpgsqlCommand Write(NpgsqlConnection connection, IEnumerable<InboxOwner> owners, int fromTicket, int toTicket) =>
        new NpgsqlCommand(LabStatement.Named("Bench/Sql/inbox-items.sql"), connection).With(
            owners.Select(owner => owner.Id).ToArray(),
            fromTicket,
            toTicket
        );
}
