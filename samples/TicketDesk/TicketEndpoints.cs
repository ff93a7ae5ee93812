using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Samples.TicketDesk;

/// <summary>The desk's API. What was changed already is answered as it is, and tells nobody.</summary>
public static class TicketEndpoints
{
    public static void MapTickets(this WebApplication app)
    {
        var tickets = app.MapGroup("/api/tickets").RequireAuthorization();
        tickets.MapGet("/", async (DeskDb db, CancellationToken stop) => await db.Tickets.OrderBy(one => one.Id).ToListAsync(stop));
        tickets.MapGet("/{id:long}/", GetAsync);
        tickets.MapPost("/", CreateAsync);
        tickets.MapPatch("/{id:long}/", PlanAsync);
        tickets.MapPost("/{id:long}/assign/", AssignAsync);
        tickets.MapPost("/{id:long}/open/", Becomes(TicketStatus.Open, "{0} opened \"{1}\"."));
        tickets.MapPost("/{id:long}/start/", Becomes(TicketStatus.InProgress, "{0} started to work on \"{1}\"."));
        tickets.MapPost("/{id:long}/finish_work/", Becomes(TicketStatus.Finished, "{0} finished \"{1}\"."));
        tickets.MapPost("/{id:long}/approve/", Becomes(TicketStatus.Approved, "{0} approved \"{1}\"."));
        tickets.MapPost("/{id:long}/reject/", RejectAsync);
        tickets.MapPost("/{id:long}/add_comment/", CommentAsync);
        tickets.MapPost("/{id:long}/status/", ChangeStatusAsync);
        app.MapPut("/api/people/{id}/", KeepAsync).RequireAuthorization();
    }

    private static async Task<Results<Ok<Ticket>, NotFound>> GetAsync(long id, DeskDb db, CancellationToken stop) =>
        await db.Tickets.FindAsync([id], stop) is { } ticket ? TypedResults.Ok(ticket) : TypedResults.NotFound();

    private static async Task<Created<Ticket>> CreateAsync(
        NewTicket given,
        ClaimsPrincipal user,
        Desk desk,
        DeskDb db,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var entered = new Entered(time.GetUtcNow());
        var ticket = new Ticket { Title = entered.Text("title", given.Title, 1, 200), Author = user.Name() };
        new NewDueTimes(given.ResolutionDue, given.EstimateDue).Set(ticket, entered);
        var assignees = await NewAssignees.ReadAsync(given.Assignees, entered, db, stop);
        entered.Accept();
        await desk.AddAsync(ticket, assignees, user.Name(), stop);
        return TypedResults.Created($"/api/tickets/{ticket.Id}/", ticket);
    }

    private static Task<Results<Ok<Ticket>, NotFound>> PlanAsync(
        long id,
        NewDueTimes given,
        ClaimsPrincipal user,
        Desk desk,
        TimeProvider time,
        CancellationToken stop
    ) =>
        ChangeAsync(
            id,
            user,
            desk,
            ticket =>
            {
                var entered = new Entered(time.GetUtcNow());
                given.Set(ticket, entered);
                entered.Accept();
                return null;
            },
            stop
        );

    private static async Task<Results<Ok<Ticket>, NotFound>> AssignAsync(
        long id,
        NewAssignees given,
        ClaimsPrincipal user,
        Desk desk,
        DeskDb db,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var entered = new Entered(time.GetUtcNow());
        var people = await NewAssignees.ReadAsync(given.Assignees, entered, db, stop);
        entered.Accept();
        return await ChangeAsync(id, user, desk, ticket => ticket.Assign(people, user.Name()), stop);
    }

    private static Delegate Becomes(TicketStatus status, string text) =>
        (long id, ClaimsPrincipal user, Desk desk, CancellationToken stop) =>
            ChangeAsync(
                id,
                user,
                desk,
                ticket => ticket.Become(status, user.Name(), string.Format(null, text, user.Name(), ticket.Title)),
                stop
            );

    private static Task<Results<Ok<Ticket>, NotFound>> RejectAsync(
        long id,
        Rejection given,
        ClaimsPrincipal user,
        Desk desk,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var entered = new Entered(time.GetUtcNow());
        var reason = entered.Text("reason", given.Reason, 10, 2000);
        entered.Accept();
        return ChangeAsync(
            id,
            user,
            desk,
            ticket => ticket.Become(TicketStatus.Rejected, user.Name(), $"{user.Name()} rejected \"{ticket.Title}\": {reason}"),
            stop
        );
    }

    private static Task<Results<Ok<Ticket>, NotFound>> CommentAsync(
        long id,
        NewComment given,
        ClaimsPrincipal user,
        Desk desk,
        DeskDb db,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var entered = new Entered(time.GetUtcNow());
        var text = entered.Text("comment", given.Comment, 1, 2000);
        entered.Accept();
        return ChangeAsync(
            id,
            user,
            desk,
            ticket =>
            {
                db.Add(
                    new Comment
                    {
                        TicketId = ticket.Id,
                        Author = user.Name(),
                        Text = text,
                        At = time.GetUtcNow(),
                    }
                );
                return ticket.Comment(text, user.Name());
            },
            stop
        );
    }

    private static Task<Results<Ok<Ticket>, NotFound>> ChangeStatusAsync(
        long id,
        NewStatus given,
        ClaimsPrincipal user,
        Desk desk,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var entered = new Entered(time.GetUtcNow());
        var status = entered.Choice<TicketStatus>("status", given.Status);
        if (status == TicketStatus.Rejected)
        {
            entered.Wrong("status", "is 'rejected', which needs a reason: see reject.");
        }

        entered.Accept();
        return ChangeAsync(
            id,
            user,
            desk,
            ticket => ticket.Become(status, user.Name(), $"{user.Name()} set \"{ticket.Title}\" to {Wire.Name(status)}."),
            stop
        );
    }

    private static async Task<NoContent> KeepAsync(string id, NewColleague given, Desk desk, TimeProvider time, CancellationToken stop)
    {
        var entered = new Entered(time.GetUtcNow());
        var colleague = new Colleague
        {
            Id = entered.Text("id", id, 1, 100),
            Name = entered.Text("name", given.Name, 1, 100),
            Email = given.Email,
            Phone = given.Phone,
            NotificationType = entered.Choice<NotificationType>("notification_type", given.NotificationType ?? "SYSTEM"),
        };
        entered.Accept();
        await desk.KeepAsync(colleague, stop);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<Ticket>, NotFound>> ChangeAsync(
        long id,
        ClaimsPrincipal user,
        Desk desk,
        Func<Ticket, Told?> change,
        CancellationToken stop
    ) => await desk.ChangeAsync(id, user.Name(), change, stop) is { } ticket ? TypedResults.Ok(ticket) : TypedResults.NotFound();

    private static string Name(this ClaimsPrincipal user) => user.FindFirstValue("sub") ?? "somebody";
}
