using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

internal enum DayView
{
    Day,
    Week,
    Needs,
}

/// <param name="NextSlot">Where nobody is booked: the day that has somebody next.</param>
/// <param name="LookedTo">How far it looked for those that need somebody, where more follow and the page is not full.</param>
internal sealed record DayShown(
    DayView View,
    DateOnly Day,
    DateOnly Today,
    DateTimeOffset Now,
    IReadOnlyList<Slot> Slots,
    string? After,
    DateTimeOffset? NextSlot,
    DateTimeOffset? LookedTo
);

/// <summary>Whoever is booked on a day, in a week, or needs somebody: where recruiters begin.</summary>
internal static class DayEndpoint
{
    private const int DaysAhead = 7;

    public static void MapDay(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", (HttpContext http, Visitor visitor) => http.SeeOther(visitor.Operates ? "/overview" : "/day"));
        app.MapGet("/day", ShowAsync);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        DayReader days,
        TimeProvider time,
        string? date,
        string? view,
        string? after
    )
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, visitor.Zone).DateTime);
        var wanted = view switch
        {
            "week" => DayView.Week,
            "needs" => DayView.Needs,
            _ => DayView.Day,
        };
        var day =
            wanted != DayView.Needs
            && DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var given)
            && given.Year is > 1970 and < 9000
                ? given
                : today;
        // A day is as long as it is there: 23 hours, or 25.
        var (from, until) = (Start(day, visitor.Zone), Start(day.AddDays(wanted == DayView.Day ? 1 : DaysAhead), visitor.Zone));
        return await database.ReadAsync(
            transaction,
            async () =>
            {
                var needs = wanted == DayView.Needs;
                var page = await days.ReadAsync(visitor.Recruiter, from, until, ReadAfter(after), needs, http.RequestAborted);
                var next = page.Slots.Count == 0 && !needs ? await days.NextAsync(visitor.Recruiter, until, http.RequestAborted) : null;
                var words = visitor.Words;
                return http.Show<DayPage, DayShown>(
                    needs ? words.NeedsMe
                        : wanted == DayView.Week ? words.WeekFrom(words.LongDay(day))
                        : words.LongDay(day),
                    "/day",
                    new(
                        wanted,
                        day,
                        today,
                        now,
                        page.Slots,
                        page.Next is { } last ? string.Create(CultureInfo.InvariantCulture, $"{last.At.UtcTicks}.{last.Id}") : null,
                        next,
                        page.LookedTo
                    ),
                    topic: "bookings"
                );
            },
            http.RequestAborted
        );
    }

    /// <summary>The first instant of a day: where the clock skips midnight, the first that there is.</summary>
    internal static DateTimeOffset Start(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(15);
        }

        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new(midnight, offset);
    }

    private static (DateTimeOffset At, long Id)? ReadAfter(string? after) =>
        after?.Split('.') is [var at, var id]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks <= DateTimeOffset.MaxValue.UtcTicks
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), number)
            : null;
}
