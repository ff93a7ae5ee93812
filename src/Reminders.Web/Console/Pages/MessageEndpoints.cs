using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Lists;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.Reads;
using Reminders.Web.Api;
using Reminders.Web.Console.Acts;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

/// <param name="Held">Where messages in doubt are asked for: those soonest useless first.</param>
/// <param name="Wrong">What of the question could not be read.</param>
internal sealed record OutboxShown(
    ListRequest Asked,
    IReadOnlyList<ListedMessage> Messages,
    IReadOnlyList<HeldMessage> Held,
    string? Next,
    IReadOnlyDictionary<string, string[]> Wrong,
    IReadOnlyList<string> Kinds,
    IReadOnlyList<string> Channels,
    DateTimeOffset Now
);

internal sealed record MessageShown(OutboxRow Message, IReadOnlyList<OutboxRow> Copies, DateTimeOffset Now);

/// <summary>The outbox, one message of it, and what operators decide about one.</summary>
internal static class MessageEndpoints
{
    private static readonly string[] Acts = ["arrived", "lost", "resend", "replay"];

    public static void MapMessages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/outbox", ListAsync);
        app.MapGet("/messages/{id:long}", ShowAsync);
        app.MapGet("/messages/{id:long}/{act}", RehearseAsync);
        app.MapPost("/messages/{id:long}/{act}", ActAsync);
    }

    private static Task<IResult> ListAsync(
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        MessageList list,
        HeldMessages held,
        KindCatalog kinds,
        IEnumerable<ServedChannel> served,
        TimeProvider time,
        string? state,
        string? kind,
        string? channel,
        string? person,
        string? after
    ) =>
        database.ReadAsync<IResult>(
            transaction,
            async () =>
            {
                var asked = new ListRequest(state, kind, channel, person, After: after);
                IReadOnlyList<ListedMessage> messages = [];
                IReadOnlyList<HeldMessage> doubts = [];
                var (next, wrong) = ((string?)null, (IReadOnlyDictionary<string, string[]>)new Dictionary<string, string[]>());
                if (state == "uncertain" && string.IsNullOrEmpty(channel) && string.IsNullOrEmpty(person))
                {
                    var errors = new FieldErrors();
                    var from = OutboxQuery.After(string.IsNullOrEmpty(after) ? null : after, errors);
                    var (page, more) = await held.ReadAsync(
                        MessageState.Uncertain,
                        string.IsNullOrEmpty(kind) ? null : kind,
                        from,
                        50,
                        http.RequestAborted
                    );
                    (doubts, next, wrong) = (page, more is { } cursor ? OutboxQuery.Write(cursor) : null, errors.All);
                }
                else
                {
                    switch (await list.ReadAsync(asked, http.RequestAborted))
                    {
                        case Outcome<ListPage<ListedMessage>>.Done done:
                            (messages, next) = (done.Value.Items, done.Value.Next);
                            break;
                        case Outcome<ListPage<ListedMessage>>.Invalid invalid:
                            wrong = invalid.Errors;
                            break;
                    }
                }

                return http.Show<OutboxPage, OutboxShown>(
                    visitor.Words.Outbox,
                    "/outbox",
                    new(
                        asked,
                        messages,
                        doubts,
                        next,
                        wrong,
                        [.. kinds.Kinds.Keys.Order(StringComparer.Ordinal)],
                        [.. served.Select(one => one.Name)],
                        time.GetUtcNow()
                    ),
                    wrong.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
                    topic: "outbox"
                );
            },
            http.RequestAborted
        );

    private static Task<IResult> ShowAsync(
        long id,
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        MessageReader messages,
        ChatReader chat,
        Shown<ChatShown> inChat,
        TimeProvider time
    ) =>
        database.ReadAsync<IResult>(
            transaction,
            async () =>
            {
                inChat.It = new(await chat.OfMessageAsync(id, http.RequestAborted));
                return await messages.FindAsync(id, http.RequestAborted) is { } message
                    ? http.Show<MessagePage, MessageShown>(
                        visitor.Words.MessageNumber(id),
                        "/outbox",
                        new(message, await messages.CopiesAsync(message, http.RequestAborted), time.GetUtcNow()),
                        topic: "outbox"
                    )
                    : Results.NotFound();
            },
            http.RequestAborted
        );

    private static async Task<IResult> RehearseAsync(
        long id,
        string act,
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        MessageReader messages,
        Rehearsal rehearsal
    ) =>
        Acts.Contains(act)
            ? await PageAsync(id, act, http, visitor, database, transaction, messages, rehearsal, null, null, StatusCodes.Status200OK)
            : Results.NotFound();

    private static async Task<IResult> ActAsync(
        long id,
        string act,
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        MessageReader messages,
        Rehearsal rehearsal,
        IMediator mediator,
        Caller caller
    )
    {
        if (!Acts.Contains(act))
        {
            return Results.NotFound();
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var reason = form["reason"].ToString();
        if (OperatorDesk.Check(reason).Count > 0)
        {
            return await Again(visitor.Words.ReasonMissing, StatusCodes.Status422UnprocessableEntity);
        }

        var outcome = await mediator.Send(CommandOf(act, id, reason), http.RequestAborted);
        return outcome switch
        {
            Outcome<OperatorResult>.Done => http.SeeOther($"/messages/{id}", act),
            Outcome<OperatorResult>.NotFound => Results.NotFound(),
            _ => await Again(Rehearsal.RefusalOf(outcome)!, StatusCodes.Status409Conflict),
        };

        Task<IResult> Again(string problem, int status)
        {
            caller.IdempotencyKey = null;
            return PageAsync(id, act, http, visitor, database, transaction, messages, rehearsal, reason, problem, status);
        }
    }

    private static async Task<IResult> PageAsync(
        long id,
        string act,
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        MessageReader messages,
        Rehearsal rehearsal,
        string? reason,
        string? problem,
        int status
    )
    {
        var message = await database.ReadAsync(transaction, () => messages.FindAsync(id, http.RequestAborted), http.RequestAborted);
        if (message is null)
        {
            return Results.NotFound();
        }

        // Any reason: it makes no difference to what happens.
        var rehearsed = await rehearsal.RunAsync(CommandOf(act, id, "?"), message.Occurrence.SubjectId, http.RequestAborted);
        var words = visitor.Words;
        return http.Show<ActPage, ActShown>(
            words.ActOn(act, words.MessageNumber(id)),
            "/outbox",
            new(
                act,
                $"/messages/{id}",
                $"/messages/{id}/{act}",
                $"{words.KindName(message.Kind)}, {message.Occurrence.Recipient.Name}, {message.Channel}",
                rehearsed,
                problem,
                "",
                AsksReason: true,
                reason ?? "",
                Start: null,
                Guid.NewGuid().ToString("N")
            ),
            status
        );
    }

    private static ICommand<Outcome<OperatorResult>> CommandOf(string act, long id, string reason) =>
        act switch
        {
            "arrived" => new SettleHeld(id, Delivered: true, reason),
            "lost" => new SettleHeld(id, Delivered: false, reason),
            "resend" => new ResendHeld(id, reason),
            _ => new ReplayDead(id, reason),
        };
}
