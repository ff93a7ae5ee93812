using System.Text.Json;
using MediatR;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Settings;
using Reminders.Words;

namespace Reminders.Imports;

/// <summary>
/// Tells the ledger what another system has sent already, so that it is not sent again: for the day the engine takes over. What was
/// planned here and is unsent is taken back. The same again changes nothing.
/// <para>
/// A booking has to be there, with its people, best before it is approved. Any other subject, and its people, are made where they are
/// missing: the caller's own, as <see cref="Caller.Owner"/> says.
/// </para>
/// </summary>
/// <param name="SkipBad">Import the others, where rows are wrong. Otherwise one wrong row refuses all.</param>
public sealed record ImportTold(IReadOnlyList<ToldRow>? Rows, bool SkipBad = false) : ICommand<Outcome<ToldImported>>
{
    /// <summary>How many rows one request may have.</summary>
    public const int Most = 1_000_000;
}

/// <summary>One thing that one person was told.</summary>
/// <param name="Kind">A declared kind: one of bookings, or one that is asked for by name.</param>
/// <param name="Subject">A booking's id here; of anything else the caller's own id.</param>
/// <param name="Recipient">The reference of the person who was told.</param>
/// <param name="SentAt">When; for a kind with a window, its window begins then.</param>
/// <param name="Version">For kinds told once per version. Default: the subject's own.</param>
/// <param name="StartsAt">For bookings, in place of a version: the start that was told. Another one than the booking has now is what was
/// told before, and the present one is told still.</param>
/// <param name="Channel">Default: the kind's first.</param>
/// <param name="Name">For a person who is new here. Default: the reference.</param>
/// <param name="Data">For a kind with a window: at least what tells one of its notifications from another.</param>
/// <param name="SubjectType">To be compared with the kind's.</param>
/// <param name="Line">Where it stands in a file, for what is said about it. Default: its place in the list.</param>
public sealed record ToldRow(
    string? Kind,
    string? Subject,
    string? Recipient,
    DateTimeOffset? SentAt,
    long? Version = null,
    DateTimeOffset? StartsAt = null,
    string? Channel = null,
    string? Name = null,
    IReadOnlyDictionary<string, JsonElement>? Data = null,
    string? SubjectType = null,
    int? Line = null
);

/// <param name="Imported">How many are in the ledger by this call.</param>
/// <param name="TakenBack">Of these, how many were planned here already and are not sent any more.</param>
/// <param name="Already">How many were there, by an earlier import, another row or a notification from here.</param>
/// <param name="Skipped">How many were wrong, and left out.</param>
/// <param name="Problems">What is wrong with those: the first hundred.</param>
public sealed record ToldImported(int Imported, int TakenBack, int Already, int Skipped, IReadOnlyList<string> Problems)
{
    /// <summary>The same problems, for whoever reads another language.</summary>
    internal IReadOnlyList<Sentence> Said { get; init; } = [];
}

internal sealed class ImportToldHandler(CommandTransaction db, KindCatalog kinds, Caller caller, NodeName node, Audit audit)
    : IRequestHandler<ImportTold, Outcome<ToldImported>>
{
    private readonly ToldLedger _ledger = new(db, caller, node);

    public async Task<Outcome<ToldImported>> Handle(ImportTold request, CancellationToken cancellationToken)
    {
        if (request.Rows is not { Count: > 0 and <= ImportTold.Most } rows)
        {
            return new Outcome<ToldImported>.Invalid(
                WrongFields.Of("rows", "wrong.expected_count", request.Rows?.Count ?? 0, ImportTold.Most)
            );
        }

        var problems = new ToldProblems();
        var told = ToldRules.Check(rows, kinds, await db.NowAsync(cancellationToken), problems);
        // Nothing is written before every row is known to be right.
        var known = await _ledger.KnownBookingsAsync(told, problems, cancellationToken);
        if (problems.Rows > 0 && !request.SkipBad)
        {
            return new Outcome<ToldImported>.Invalid(problems.ByRow);
        }

        known.AddRange(await _ledger.OpenSubjectsAsync([.. told.Where(row => row.Kind.IsAskedFor)], cancellationToken));
        var (fresh, takenBack) = await _ledger.WriteAsync(known, cancellationToken);
        var done = new ToldImported(
            fresh + takenBack,
            takenBack,
            rows.Count - problems.Rows - fresh - takenBack,
            problems.Rows,
            [.. problems.Said.Select(Wording.English.Of)]
        )
        {
            Said = problems.Said,
        };
        if (done.Imported > 0)
        {
            var after = new
            {
                rows = rows.Count,
                done.Imported,
                done.TakenBack,
            };
            await audit.WriteAsync("ledger.import", "ledger", null, after, null, cancellationToken);
        }

        return new Outcome<ToldImported>.Done(done, done.Imported > 0);
    }
}
