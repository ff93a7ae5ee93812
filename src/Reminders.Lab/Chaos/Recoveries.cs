using System.Collections.Concurrent;
using Npgsql;
using Reminders.Lab.Chaos.Faults;
using Reminders.Lab.Telegram;

namespace Reminders.Lab.Chaos;

/// <summary>How long until the cluster was well again, measured after each kill and each restart of the database.</summary>
internal sealed class Recoveries(NpgsqlDataSource admin, TelegramSimulator telegram, TimeProvider time)
{
    private readonly ConcurrentQueue<(DateTimeOffset At, long[] Messages)> _kills = new();
    private readonly ConcurrentQueue<(string Kind, DateTimeOffset At)> _restarts = new();

    /// <summary>Notes what a killed node had claimed and not begun to send. It is dead, so this can still be read.</summary>
    public async Task NoteClaimsOfAsync(string node, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        try
        {
            await using var command = admin.CreateCommand(
                """
                SELECT coalesce(array_agg(id), '{}') FROM reminders.under_way
                WHERE leased_by = $1 AND send_started_at IS NULL
                """
            );
            command.Parameters.Add(new() { Value = node });
            _kills.Enqueue((at, (long[])(await command.ExecuteScalarAsync(cancellationToken))!));
        }
        catch (Exception exception) when (exception is OperationCanceledException || Outage.IsOne(exception, cancellationToken))
        {
            // PostgreSQL is down as well: this kill is not measured.
        }
    }

    public void NoteDatabaseBack(string kind) => _restarts.Enqueue((kind, time.GetUtcNow()));

    /// <summary>Seconds from each SIGKILL to the settling of the last message the node had claimed and not begun.</summary>
    public async Task<IReadOnlyList<double>> AfterKillsAsync(CancellationToken cancellationToken)
    {
        var seconds = new List<double>();
        foreach (var (at, messages) in _kills.Where(kill => kill.Messages.Length > 0))
        {
            await using var command = admin.CreateCommand(
                """
                SELECT extract(epoch FROM max(a.first) - $2)::float8
                FROM (SELECT min(started_at) AS first FROM reminders.every_attempt WHERE message_id = ANY ($1) AND started_at > $2
                    GROUP BY message_id) a
                """
            );
            command.Parameters.Add(new() { Value = messages });
            command.Parameters.Add(new() { Value = at });
            if (await command.ExecuteScalarAsync(cancellationToken) is double taken)
            {
                seconds.Add(taken);
            }
        }
        return seconds;
    }

    /// <summary>Seconds from PostgreSQL's answering again to the next message that arrived, where one was due within ten.</summary>
    public IReadOnlyList<double> AfterRestarts(string kind)
    {
        var arrivals = telegram.Record.Messages.Select(message => message.ArrivedAt).Order().ToArray();
        return
        [
            .. from restart in _restarts
            where restart.Kind == kind
            let next = arrivals.FirstOrDefault(arrival => arrival > restart.At)
            where next != default && next - restart.At < TimeSpan.FromSeconds(10)
            select (next - restart.At).TotalSeconds,
        ];
    }
}
