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
/// <param name="IsLeftOut">Some of it took too long.</param>
internal sealed record OutboxShown(
    ListRequest Asked,
    IReadOnlyList<ListedMessage> Messages,
    IReadOnlyList<HeldMessage> Held,
    string? Next,
    DateTimeOffset? LookedTo,
    IReadOnlyDictionary<string, string[]> Wrong,
    IReadOnlyList<Cause> Causes,
    IReadOnlyList<string> Kinds,
    IReadOnlyList<string> Channels,
    bool IsLeftOut,
    DateTimeOffset Now
);

internal sealed record MessageShown(OutboxRow Message, IReadOnlyList<OutboxRow> Copies, DateTimeOffset Now);

/// <summary>The outbox, one message of it, and what operators decide about one.</summary>
internal static class MessageEndpoints
{
    public static void MapMessages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/outbox", ListAsync);
        app.MapGet("/messages/{id:long}", ShowAsync);
        app.MapMethods("/messages/{id:long}/{act}", ActFlow.Verbs, ActAsync);
    }

    private static Task<IResult> ListAsync(
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        MessageList list,
        HeldMessages held,
        MessageReader causes,
        KindCatalog kinds,
        IEnumerable<ServedChannel> served,
        TimeProvider time,
        string? state,
        string? kind,
        string? channel,
        string? person,
        string? about,
        string? provider,
        string? reason,
        string? after
    ) =>
        database.ReadAsync<IResult>(
            transaction,
            async () =>
            {
                var asked = new ListRequest(state, kind, channel, After: after)
                {
                    About = about,
                    Name = person,
                    ProviderId = provider,
                    Reason = reason,
                };
                IReadOnlyList<ListedMessage> messages = [];
                IReadOnlyList<HeldMessage> doubts = [];
                var (next, wrong) = ((string?)null, (IReadOnlyDictionary<string, string[]>)WrongFields.None);
                DateTimeOffset? lookedTo = null;
                // Both may be asked for what is found nowhere near.
                var isRead = await ConsoleDatabase.PartAsync(transaction, ReadAsync, http.RequestAborted);
                var reasons =
                    state != "dead"
                        ? []
                        : await ConsoleDatabase.PartAsync(transaction, () => causes.CausesAsync(http.RequestAborted), http.RequestAborted);
                return http.Show<OutboxPage, OutboxShown>(
                    visitor.Words.Outbox,
                    "/outbox",
                    new(
                        asked,
                        messages,
                        doubts,
                        next,
                        lookedTo,
                        wrong,
                        reasons ?? [],
                        [.. kinds.Kinds.Keys.Order(StringComparer.Ordinal)],
                        [.. served.Select(one => one.Name)],
                        IsLeftOut: !isRead || reasons is null,
                        time.GetUtcNow()
                    ),
                    wrong.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
                    topic: "outbox"
                );

                async Task ReadAsync()
                {
                    if (state == "uncertain" && !HeldSearch.IsAsked(asked))
                    {
                        var errors = new FieldErrors();
                        var from = OutboxQuery.After(string.IsNullOrEmpty(after) ? null : after, errors);
                        var (page, more) = await held.ReadAsync(MessageState.Uncertain, from, 50, http.RequestAborted);
                        (doubts, next, wrong) = (page, more is { } cursor ? OutboxQuery.Write(cursor) : null, errors.All.In(visitor.Story));
                    }
                    else if (state == "uncertain")
                    {
                        Take(await HeldSearch.ReadAsync(list, held, asked, http.RequestAborted), found => doubts = found);
                    }
                    else
                    {
                        Take(await list.ReadAsync(asked, http.RequestAborted), found => messages = found);
                    }
                }

                void Take<T>(Outcome<ListPage<T>> read, Action<IReadOnlyList<T>> use)
                {
                    switch (read)
                    {
                        case Outcome<ListPage<T>>.Done { Value: var page }:
                            use(page.Items);
                            (next, lookedTo) = (page.Next, page.LookedTo);
                            break;
                        case Outcome<ListPage<T>>.Invalid invalid:
                            wrong = invalid.In(visitor.Story);
                            break;
                    }
                }
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
                await ConsoleDatabase.PartAsync(
                    transaction,
                    inChat,
                    async () => new ChatShown(await chat.OfMessageAsync(id, http.RequestAborted)),
                    http.RequestAborted
                );
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

    private static Task<IResult> ActAsync(long id, string act, HttpContext http, ActFlow flow, MessageActs decided) =>
        flow.RunAsync(http, () => decided.FindAsync(http, id, act));
}
