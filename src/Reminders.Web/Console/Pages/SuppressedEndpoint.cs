using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Kinds;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

internal sealed record SuppressedShown(
    IReadOnlyList<SuppressedLine> Lines,
    string Kind,
    string Rule,
    IReadOnlyList<string> Kinds,
    string? Next,
    DateTimeOffset Now
);

/// <summary>What was asked for again and held back, with the row that decided.</summary>
internal static class SuppressedEndpoint
{
    private const int Page = 50;

    public static void MapSuppressed(this IEndpointRouteBuilder app) => app.MapGet("/suppressed", ShowAsync);

    private static Task<IResult> ShowAsync(
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        SuppressedReader suppressed,
        KindCatalog kinds,
        TimeProvider time,
        string? kind,
        string? rule,
        string? after
    ) =>
        database.ReadAsync<IResult>(
            transaction,
            async () =>
            {
                var (asked, by) = (ConsolePages.Name(kind), ConsolePages.Name(rule));
                var lines = await suppressed.ReadAsync(asked, by, After(after), Page + 1, http.RequestAborted);
                return http.Show<SuppressedPage, SuppressedShown>(
                    visitor.Words.Suppressed,
                    "/overview",
                    new(
                        [.. lines.Take(Page)],
                        asked,
                        by,
                        [.. kinds.Kinds.Keys.Order(StringComparer.Ordinal)],
                        lines.Count > Page ? Cursor(lines[Page - 1]) : null,
                        time.GetUtcNow()
                    ),
                    topic: "outbox"
                );
            },
            http.RequestAborted
        );

    private static string Cursor(SuppressedLine last) =>
        string.Create(CultureInfo.InvariantCulture, $"{last.FirstAt.UtcTicks}.{last.Row}.{last.Rule}");

    private static (DateTimeOffset At, long Row, string Rule)? After(string? after) =>
        after?.Split('.', 3) is [var at, var row, { Length: > 0 and <= 64 } rule]
        && !rule.Contains('\0')
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks <= DateTimeOffset.MaxValue.UtcTicks
        && long.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), number, rule)
            : null;
}
