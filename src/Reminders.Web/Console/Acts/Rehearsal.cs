using MediatR;
using Npgsql;
using Reminders.Commands;
using Reminders.Storage;

namespace Reminders.Web.Console.Acts;

/// <summary>One thing that an action would do.</summary>
/// <param name="What">As <c>consequences.sql</c> calls it.</param>
/// <param name="Name">Whom it concerns.</param>
/// <param name="Copy">Which copy of a message: 0 is the first.</param>
internal sealed record Consequence(
    string What,
    string Kind,
    string Name,
    string Zone,
    DateTimeOffset At,
    string? Channel,
    long? Message,
    string? Reason,
    int? Copy
);

/// <param name="Refusal">Why it would not be done; null where it would.</param>
/// <param name="Changes">Whether it would change anything.</param>
/// <param name="Foreseen">What it would come to besides, in words; null where its rows say it all.</param>
internal sealed record Rehearsed(
    string? Refusal,
    bool Changes,
    IReadOnlyList<Consequence> Consequences,
    DateTimeOffset Now,
    IReadOnlyList<string>? Foreseen
)
{
    /// <summary>Of what was not run.</summary>
    /// <param name="known">What can be said of it all the same.</param>
    public static Rehearsed Untried(IReadOnlyList<string> known) => new(null, Changes: true, [], default, known);
}

/// <summary>
/// Tells what a command would do by running it and taking it back. What a page promises is what the command itself would have done then,
/// and not what somebody wrote down about it.
/// </summary>
internal sealed class Rehearsal(CommandTransaction transaction, IMediator mediator, AfterCommit afterCommit, Visitor visitor)
{
    // Somebody else's change of the same is waited for, and not for long: a page is looked at.
    private const string Patience = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '3s'";

    /// <param name="subject">What it is about; null: nothing is read of what it wrote.</param>
    /// <param name="foresee">Asked once it is done, before it is taken back.</param>
    public async Task<Rehearsed> RunAsync<T>(
        ICommand<Outcome<T>> command,
        long? subject,
        Func<T, DateTimeOffset, CancellationToken, Task<IReadOnlyList<string>>>? foresee,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await transaction.TryAsync(
                async () =>
                {
                    await using (var patience = transaction.Command(Patience))
                    {
                        await patience.ExecuteNonQueryAsync(cancellationToken);
                    }

                    var outcome = await mediator.Send(command, cancellationToken);
                    var (written, now) = await ReadAsync(subject, cancellationToken);
                    return new Rehearsed(
                        visitor.RefusalOf(outcome),
                        outcome is Outcome<T>.Done { Changed: true },
                        written,
                        now,
                        foresee is not null && outcome is Outcome<T>.Done done ? await foresee(done.Value, now, cancellationToken) : null
                    );
                },
                cancellationToken
            );
        }
        finally
        {
            // Nothing was committed, so nothing follows.
            afterCommit.Clear();
        }
    }

    private async Task<(IReadOnlyList<Consequence> Written, DateTimeOffset Now)> ReadAsync(
        long? subject,
        CancellationToken cancellationToken
    )
    {
        await using (var clock = transaction.Command("SELECT now()"))
        {
            var now = new DateTimeOffset((DateTime)(await clock.ExecuteScalarAsync(cancellationToken))!);
            if (subject is null)
            {
                return ([], now);
            }

            await using var read = transaction.Command(WebStatement.Named("Console/Acts/Sql/consequences.sql")).With(subject);
            await using var reader = await read.ExecuteReaderAsync(cancellationToken);
            var written = new List<Consequence>();
            while (await reader.ReadAsync(cancellationToken))
            {
                written.Add(Read(reader));
            }

            return (written, now);
        }
    }

    private static Consequence Read(NpgsqlDataReader reader) =>
        new(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.GetFieldValue<DateTimeOffset>(4),
            reader.IsDBNull(5) ? null : reader.GetString(5),
            reader.IsDBNull(6) ? null : reader.GetInt64(6),
            reader.IsDBNull(7) ? null : reader.GetString(7),
            reader.IsDBNull(8) ? null : reader.GetInt32(8)
        );
}
