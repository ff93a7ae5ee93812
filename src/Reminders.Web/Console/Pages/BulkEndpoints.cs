using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Outbox.Operators;
using Reminders.Web.Console.Acts;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

internal sealed record BulkShown(BulkStatus Status, IReadOnlyList<BulkRefusal> Refusals, DateTimeOffset Now);

/// <summary>One decision over many messages: the step before it, how far it is, and its end before its end.</summary>
internal static class BulkEndpoints
{
    public static void MapBulk(this IEndpointRouteBuilder app)
    {
        app.MapMethods(
            "/outbox/many/{act}",
            ActFlow.Verbs,
            (string act, HttpContext http, ActFlow flow, BulkActs many) => flow.RunAsync(http, () => many.FindAsync(http, act))
        );
        app.MapGet("/bulk/{id:long}", ShowAsync);
        app.MapMethods(
            "/bulk/{id:long}/stop",
            ActFlow.Verbs,
            (long id, HttpContext http, ActFlow flow, BulkActs many) => flow.RunAsync(http, () => many.StopAsync(id, http.RequestAborted))
        );
    }

    private static Task<IResult> ShowAsync(
        long id,
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        BulkActions actions,
        TimeProvider time
    ) =>
        database.ReadAsync<IResult>(
            transaction,
            async () =>
                await actions.FindAsync(id, http.RequestAborted) is { } status
                    ? http.Show<BulkPage, BulkShown>(
                        visitor.Words.ManyOf(status.Act, status.Total),
                        "/outbox",
                        new(status, await actions.RefusalsAsync(id, http.RequestAborted), time.GetUtcNow()),
                        topic: "outbox"
                    )
                    : Results.NotFound(),
            http.RequestAborted
        );
}
