using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

/// <param name="WithoutTrigger">Of the next thousand instants.</param>
internal sealed record QuartzShown(
    IReadOnlyList<DueTrigger> Due,
    IReadOnlyList<RunningNow> Running,
    IReadOnlyList<KindRuns> Lately,
    IReadOnlyList<SchedulerTrouble> Trouble,
    long WithoutTrigger,
    string Kind,
    IReadOnlyList<string> Kinds,
    string? Next,
    DateTimeOffset Now
);

/// <summary>What the scheduler has before it, does now, and did.</summary>
internal static class QuartzEndpoint
{
    private const int Page = 50;

    public static void MapQuartz(this IEndpointRouteBuilder app) => app.MapGet("/quartz", ShowAsync);

    private static Task<IResult> ShowAsync(
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        QuartzReader quartz,
        KindCatalog kinds,
        TimeProvider time,
        string? kind,
        string? after
    ) =>
        database.ReadAsync<IResult>(
            transaction,
            async () =>
            {
                var asked = ConsolePages.Name(kind);
                var due = await quartz.DueAsync(asked, After(after), Page + 1, http.RequestAborted);
                return http.Show<QuartzPage, QuartzShown>(
                    visitor.Words.Scheduler,
                    "/cluster",
                    new(
                        [.. due.Take(Page)],
                        await quartz.RunningAsync(http.RequestAborted),
                        await quartz.LatelyAsync(http.RequestAborted),
                        await quartz.TroubleAsync(http.RequestAborted),
                        await quartz.WithoutTriggerAsync(http.RequestAborted),
                        asked,
                        [.. kinds.Kinds.Keys.Order(StringComparer.Ordinal)],
                        due.Count > Page
                            ? string.Create(CultureInfo.InvariantCulture, $"{due[Page - 1].Ticks}.{due[Page - 1].Name}")
                            : null,
                        time.GetUtcNow()
                    ),
                    topic: "outbox"
                );
            },
            http.RequestAborted
        );

    private static (long Ticks, string Name) After(string? after) =>
        after?.Split('.', 2) is [var at, { Length: <= 200 } name]
        && !name.Contains('\0')
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? (ticks, name)
            : (0, "");
}
