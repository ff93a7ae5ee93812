using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Bookings;
using Reminders.Commands;
using Reminders.Reads;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

internal sealed record FindShown(string What, IReadOnlyList<FoundPerson> People);

/// <param name="Messages">Null where they took too long.</param>
internal sealed record PersonShown(RecipientRow Person, IReadOnlyList<OutboxRow>? Messages);

/// <summary>"Anna says she got nothing": from what somebody has of her to what became of her messages.</summary>
internal static class FindEndpoints
{
    public static void MapFind(this IEndpointRouteBuilder app)
    {
        app.MapGet("/find", FindAsync);
        app.MapGet("/people/{id:long}", ShowAsync);
    }

    private static Task<IResult> FindAsync(
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        BookingReader bookings,
        FindReader find,
        string? q
    ) =>
        database.ReadAsync(
            transaction,
            async () =>
            {
                var what = q?.Trim() ?? "";
                if (Guid.TryParse(what, out var id) && await bookings.FindAsync(id, http.RequestAborted) is not null)
                {
                    return http.SeeOther($"/bookings/{id}");
                }

                var people =
                    what is { Length: > 0 and <= 320 } && !what.Contains('\0') ? await find.PeopleAsync(what, http.RequestAborted) : [];
                return people is [var only]
                    ? http.SeeOther($"/people/{only.Id}")
                    : http.Show<FindPage, FindShown>(visitor.Words.Find, "/find", new(what[..Math.Min(what.Length, 320)], people));
            },
            http.RequestAborted
        );

    private static Task<IResult> ShowAsync(
        long id,
        HttpContext http,
        ConsoleDatabase database,
        CommandTransaction transaction,
        FindReader find
    ) =>
        database.ReadAsync<IResult>(
            transaction,
            async () =>
            {
                if (await find.PersonAsync(id, http.RequestAborted) is not { } person)
                {
                    return Results.NotFound();
                }

                var messages = await ConsoleDatabase.PartAsync(
                    transaction,
                    () => find.MessagesAsync(id, http.RequestAborted),
                    http.RequestAborted
                );
                return http.Show<PersonPage, PersonShown>(person.Name, "/find", new(person, messages), topic: "outbox");
            },
            http.RequestAborted
        );
}
