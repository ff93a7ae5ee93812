using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Lists;
using Reminders.Web.Keys;
using Reminders.Web.Problems;

namespace Reminders.Web.Api;

/// <summary>What there is, page by page. What is wrong with a query is said by the list itself, as on the command line.</summary>
internal static class ListEndpoints
{
    public static void MapLists(this IEndpointRouteBuilder api)
    {
        api.MapGet("/bookings", BookingsAsync)
            .WithTags("Bookings")
            .RequireAuthorization(Policies.Bookings)
            .Describe(ListTexts.Bookings)
            .Produces<ListPage<ListedBooking>>()
            .WithProblems(400);
        api.MapGet("/recipients", PeopleAsync)
            .WithTags("Recipients")
            .RequireAuthorization(Policies.Recipients)
            .Describe(ListTexts.People)
            .Produces<ListPage<ListedRecipient>>()
            .WithProblems(400);
        api.MapGet("/messages", MessagesAsync)
            .WithTags("Outbox")
            .RequireAuthorization(Policies.Operator)
            .Describe(ListTexts.Messages)
            .Produces<ListPage<ListedMessage>>()
            .WithProblems(400);
        api.MapGet("/suppressions", SuppressionsAsync)
            .WithTags("Notifications")
            .RequireAuthorization(Policies.Notifications)
            .Describe(ListTexts.Suppressions)
            .Produces<ListPage<ListedSuppression>>()
            .WithProblems(400);
    }

    private static async Task<IResult> BookingsAsync(
        BookingList list,
        CancellationToken stop,
        string? state = null,
        string? person = null,
        string? since = null,
        string? until = null,
        string? after = null,
        string? size = null
    ) => (await list.ReadAsync(new(state, Person: person, Since: since, Until: until, After: after, Size: size), stop)).ToResult();

    private static async Task<IResult> PeopleAsync(
        PeopleList list,
        Spoken spoken,
        CancellationToken stop,
        string? state = null,
        string? channel = null,
        string? person = null,
        string? since = null,
        string? until = null,
        string? after = null,
        string? size = null
    ) =>
        (
            await list.ReadAsync(new(state, Channel: channel, Person: person, Since: since, Until: until, After: after, Size: size), stop)
        ).ToResult(page => TypedResults.Ok(page.In(one => one.In(spoken.Words))));

    private static async Task<IResult> MessagesAsync(
        MessageList list,
        Spoken spoken,
        CancellationToken stop,
        string? state = null,
        string? kind = null,
        string? channel = null,
        string? person = null,
        string? since = null,
        string? until = null,
        string? after = null,
        string? size = null,
        string? about = null,
        string? name = null,
        string? providerId = null,
        string? reason = null
    ) =>
        (
            await list.ReadAsync(
                new(state, kind, channel, person, since, until, after, size)
                {
                    About = about,
                    Name = name,
                    ProviderId = providerId,
                    Reason = reason,
                },
                stop
            )
        ).ToResult(page => TypedResults.Ok(page.In(one => one.In(spoken.Words))));

    private static async Task<IResult> SuppressionsAsync(
        SuppressionList list,
        Spoken spoken,
        CancellationToken stop,
        string? state = null,
        string? kind = null,
        string? person = null,
        string? since = null,
        string? until = null,
        string? after = null,
        string? size = null
    ) =>
        (await list.ReadAsync(new(state, kind, Person: person, Since: since, Until: until, After: after, Size: size), stop)).ToResult(
            page => TypedResults.Ok(page.In(one => one.In(spoken.Words)))
        );
}
