using MediatR;
using Npgsql;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Nodes;
using Reminders.Storage;

namespace Reminders.Inbound;

/// <summary>
/// Somebody wrote to us. A press that nobody took within Telegram's 150 seconds is lost, and its buttons look pressed: so whatever
/// people write is answered with the questions they have not answered yet, under fresh buttons. Each is one more message of the
/// same occurrence, written in the transaction that handles the update, so that an update which comes again finds it handled. The
/// old message's buttons go on working: what a press does is decided by the booking, and both messages follow it.
/// </summary>
/// <param name="Address">Where they wrote from, which is where they are answered.</param>
/// <param name="SayNothingOpen">Whether to say so when nothing is open: not where something else is said already.</param>
internal sealed record ShowOpenQuestions(string Channel, string Address, bool SayNothingOpen = true) : ICommand<string>;

internal sealed class ShowOpenQuestionsHandler(
    CommandTransaction db,
    KindCatalog kinds,
    OpenQuestionsOptions options,
    Signals signals,
    AfterCommit afterCommit
) : IRequestHandler<ShowOpenQuestions, string>
{
    /// <summary>The kind that says that nothing is open. Not declared, nothing is said.</summary>
    public const string NothingOpen = "NOTHING_OPEN";

    // It tells nothing new, and each telling is a row of the ledger.
    private static readonly TimeSpan NothingOpenEvery = TimeSpan.FromMinutes(10);

    public async Task<string> Handle(ShowOpenQuestions request, CancellationToken cancellationToken)
    {
        if (await IsOptedOutAsync(request, cancellationToken))
        {
            return "opted out";
        }

        var asking = kinds
            .Kinds.Values.Where(kind => kind.Buttons.Count > 0 && kind.Channels.Contains(request.Channel))
            .Select(kind => kind.Name)
            .ToArray();
        await using var ask = db.Command(Ask).With(request.Channel, request.Address, asking, options.Most, options.Every);
        if (await ReadAsync(ask, cancellationToken) is { Open: > 0 } asked)
        {
            Wake(asked.Written);
            return asked.Written == 0 ? "asked a moment ago" : $"asked {asked.Written} again";
        }
        if (!request.SayNothingOpen || kinds.Find(NothingOpen) is not { } kind)
        {
            return "nothing open";
        }

        await using var say = db.Command(Say).With(request.Channel, request.Address, NothingOpen, NothingOpenEvery, kind.UsefulFor);
        Wake((int)(await say.ExecuteScalarAsync(cancellationToken))!);
        return "nothing open";
    }

    private void Wake(int written)
    {
        if (written == 0)
        {
            return;
        }

        afterCommit.Add(_ =>
        {
            signals.OutboxWritten();
            return Task.CompletedTask;
        });
    }

    private async Task<bool> IsOptedOutAsync(ShowOpenQuestions request, CancellationToken cancellationToken)
    {
        await using var find = db.Command("SELECT EXISTS (SELECT FROM reminders.opt_out WHERE key = reminders.address_key($1, $2))")
            .With(request.Channel, request.Address);
        return (bool)(await find.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<(int Open, int Written)> ReadAsync(NpgsqlCommand ask, CancellationToken cancellationToken)
    {
        await using var reader = await ask.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    private static readonly string Ask = Statement.Named("Inbound/Sql/open-questions.sql");

    private static readonly string Say = Statement.Named("Inbound/Sql/no-questions.sql");
}
