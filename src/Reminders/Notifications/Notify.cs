using System.Text.Json;
using System.Text.Json.Serialization;
using MediatR;
using Reminders.Commands;
using Reminders.Kinds;

namespace Reminders.Notifications;

/// <summary>
/// Asks for one notification of a kind, about one subject, for each of its recipients: the one entrance for whatever is no
/// booking. Asked again, from wherever and however often, it plans nothing that is planned or told already, and says by
/// which row and which rule.
/// </summary>
/// <param name="Kind">A declared kind that is asked for by name.</param>
/// <param name="Subject">The caller's own id of what it is about: a cart, a customer, a ticket.</param>
/// <param name="Version">For kinds told once per version: a number that grows when what people must be told changes, from 1 to 9·10^15.
/// Default: the newest there is, or 1.</param>
/// <param name="Recipients">References of the people to tell, at most 10,000; or a group.</param>
/// <param name="Group">The name of a group, in place of recipients.</param>
/// <param name="Data">What the kind declares.</param>
/// <param name="Due">When; at most a year ahead. Default: the kind's delay from now.</param>
/// <param name="DelaySeconds">In place of due.</param>
public sealed record Notify(
    string? Kind,
    string? Subject,
    long? Version = null,
    IReadOnlyList<string>? Recipients = null,
    string? Group = null,
    IReadOnlyDictionary<string, JsonElement>? Data = null,
    DateTimeOffset? Due = null,
    int? DelaySeconds = null
) : ICommand<Outcome<NotifyResult>>
{
    /// <summary>How many recipients one request may name.</summary>
    public const int Most = 10_000;
}

/// <param name="Recipients">One for each recipient asked for, in that order; a recipient named twice has one.</param>
public sealed record NotifyResult(
    string Kind,
    string Subject,
    DateTimeOffset DueAt,
    int Planned,
    int Suppressed,
    int Refused,
    IReadOnlyList<RecipientResult> Recipients
);

/// <param name="Occurrence">The ledger's row: the new one, or the one that decided against another.</param>
/// <param name="Reason">The rule that decided, or what is wrong; null when planned.</param>
public sealed record RecipientResult(string Recipient, RecipientOutcome Result, long? Occurrence = null, string? Reason = null);

/// <summary>What became of one recipient's part.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecipientOutcome>))]
public enum RecipientOutcome
{
    /// <summary>Planned by this call.</summary>
    [JsonStringEnumMemberName("planned")]
    Planned,

    /// <summary>The same is planned or told already.</summary>
    [JsonStringEnumMemberName("suppressed")]
    Suppressed,

    /// <summary>It cannot be planned.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}

internal sealed class NotifyHandler(CommandTransaction db, KindCatalog kinds, NotificationLedger ledger, OwnedNames names, Caller caller)
    : IRequestHandler<Notify, Outcome<NotifyResult>>
{
    public async Task<Outcome<NotifyResult>> Handle(Notify request, CancellationToken cancellationToken)
    {
        var now = await db.NowAsync(cancellationToken);
        var errors = NotifyRules.Check(request, kinds, now);
        if (errors.Count > 0)
        {
            return new Outcome<NotifyResult>.Invalid(errors);
        }

        var kind = kinds.Find(request.Kind!)!;
        var group = request.Group is null ? default : await names.GroupAsync(request.Group, cancellationToken);
        if (group.IsAmbiguous)
        {
            return Outcome<NotifyResult>.Conflict.Of(group.Question("several_groups"));
        }

        if (request.Group is not null && group.Id is null)
        {
            return Outcome<NotifyResult>.NotFound.Of("no_group", request.Group);
        }

        var data = request.Data is null ? "{}" : JsonSerializer.Serialize(request.Data, JsonSerializerOptions.Web);
        var subject = await ledger.OpenSubjectAsync(kind.Subject, request.Subject!.Trim(), data, caller.Name, cancellationToken);
        var asked = group.Id is { } id
            ? await ledger.MembersAsync(id, cancellationToken)
            : await ledger.PeopleAsync(request.Recipients!, cancellationToken);
        var wanted = new Asked(
            kind,
            subject,
            request.Version,
            asked,
            data,
            NotifyRules.Fingerprint(kind, request.Data),
            NotifyRules.DueAt(kind, request, now),
            now
        );
        var results = await ledger.PlanAsync(wanted, caller.Name, cancellationToken);
        return new Outcome<NotifyResult>.Done(
            new(
                kind.Name,
                request.Subject!.Trim(),
                wanted.DueAt,
                Count(RecipientOutcome.Planned),
                Count(RecipientOutcome.Suppressed),
                Count(RecipientOutcome.Refused),
                results
            ),
            results.Any(result => result.Result == RecipientOutcome.Planned)
        );

        int Count(RecipientOutcome outcome) => results.Count(result => result.Result == outcome);
    }
}
