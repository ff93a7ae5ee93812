using System.Security.Claims;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Inbox;
using Reminders.Web.Api;
using Reminders.Web.Keys;
using Reminders.Web.Problems;

namespace Reminders.Web.Inbox;

/// <summary>A person's own inbox over HTTP. Routing takes each path with and without its trailing slash.</summary>
internal static class InboxEndpoints
{
    public static void MapInbox(this IEndpointRouteBuilder app)
    {
        var inbox = app.MapGroup("/api/notifications").RequireAuthorization(Policies.User).WithApiRules().WithTags("Notifications");
        inbox.MapGet("/", ListAsync).Describe(InboxTexts.List).Produces<NotificationPage>().WithProblems(400, 404);
        inbox.MapGet("/unread/", ListUnreadAsync).Describe(InboxTexts.Unread).Produces<NotificationPage>().WithProblems(400, 404);
        inbox.MapGet("/unread_count/", CountUnreadAsync).Describe(InboxTexts.UnreadCount).Produces<UnreadCount>().WithProblems();
        inbox
            .MapPost("/{id}/mark_as_read/", MarkReadAsync)
            .WithReadableId(given => long.TryParse(given, out _), "form.notification_number")
            .Describe(InboxTexts.MarkAsRead)
            .Produces<NotificationView>()
            .WithProblems(400, 404, 422);
        inbox.MapPost("/ticket/", IssueTicketAsync).Describe(InboxTexts.Ticket).Produces<NewTicket>().WithProblems();
        inbox
            .MapPost("/mark_all_as_read/", MarkAllReadAsync)
            .Describe(InboxTexts.MarkAllAsRead)
            .Produces<MarkedCount>()
            .WithProblems(400, 422);
    }

    private static Task<IResult> ListAsync(
        ClaimsPrincipal user,
        InboxReader inbox,
        InboxOptions options,
        HttpRequest request,
        CancellationToken stop,
        string? is_read = null,
        string? notification_type = null,
        string? ticket = null,
        string? page = null,
        string? cursor = null
    ) => ReadAsync(user, inbox, options, request, is_read, notification_type, ticket, page, cursor, stop);

    private static Task<IResult> ListUnreadAsync(
        ClaimsPrincipal user,
        InboxReader inbox,
        InboxOptions options,
        HttpRequest request,
        CancellationToken stop,
        string? notification_type = null,
        string? ticket = null,
        string? page = null,
        string? cursor = null
    ) => ReadAsync(user, inbox, options, request, "false", notification_type, ticket, page, cursor, stop);

    private static async Task<IResult> ReadAsync(
        ClaimsPrincipal user,
        InboxReader inbox,
        InboxOptions options,
        HttpRequest request,
        string? isRead,
        string? kind,
        string? ticket,
        string? page,
        string? cursor,
        CancellationToken stop
    )
    {
        var errors = new FieldErrors();
        var filter = new InboxFilter(
            InboxQuery.IsRead(isRead, errors),
            InboxQuery.Text("notification_type", kind, 64, errors),
            InboxQuery.Text("ticket", ticket, 200, errors)
        );
        var place = InboxQuery.Place(page, cursor, errors);
        if (errors.All.Count > 0)
        {
            return new WrongFieldsResult(errors.All);
        }

        var found = await inbox.ListAsync(user.RecipientId(), filter, place, stop);
        return found.Items.Count == 0 && place.Skip > 0
            ? Api.OutcomeResults.NotFound("no_page", page, found.Count, InboxPage.Size)
            : TypedResults.Ok(
                new NotificationPage(
                    found.Count,
                    InboxQuery.Link(request, found.Older),
                    InboxQuery.Link(request, found.Newer),
                    [.. found.Items.Select(item => NotificationView.Of(item, options))]
                )
            );
    }

    private static async Task<NewTicket> IssueTicketAsync(
        ClaimsPrincipal user,
        SocketTickets tickets,
        AccessTokens tokens,
        Caller caller,
        CancellationToken stop
    ) => await tickets.IssueAsync(user.TokenHash() ?? await tokens.IssueUnseenAsync(user.RecipientId(), caller.Name, stop), stop);

    private static async Task<UnreadCount> CountUnreadAsync(ClaimsPrincipal user, InboxReader inbox, CancellationToken stop)
    {
        var kinds = await inbox.CountUnreadAsync(user.RecipientId(), stop);
        return new(kinds.Values.Sum(), kinds);
    }

    private static async Task<IResult> MarkReadAsync(
        long id,
        ClaimsPrincipal user,
        IMediator mediator,
        InboxOptions options,
        CancellationToken stop
    ) =>
        (await mediator.Send(new MarkRead(user.RecipientId(), id), stop)).ToResult(read =>
            TypedResults.Ok(NotificationView.Of(read, options))
        );

    private static async Task<MarkedCount> MarkAllReadAsync(ClaimsPrincipal user, IMediator mediator, CancellationToken stop) =>
        new(await mediator.Send(new MarkAllRead(user.RecipientId()), stop));
}
