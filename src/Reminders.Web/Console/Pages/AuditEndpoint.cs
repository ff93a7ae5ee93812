using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Web.Console.Reads;

namespace Reminders.Web.Console.Pages;

/// <param name="About">What is asked for; null: anything.</param>
internal sealed record AuditShown(IReadOnlyList<AuditLine> Lines, string? About, long? Next);

/// <summary>Who did what, newest first.</summary>
internal static class AuditEndpoint
{
    private const int Page = 50;

    public static void MapAudit(this IEndpointRouteBuilder app) => app.MapGet("/audit", ShowAsync);

    private static Task<IResult> ShowAsync(
        HttpContext http,
        Visitor visitor,
        ConsoleDatabase database,
        CommandTransaction transaction,
        AuditLog audit,
        string? about,
        string? before
    ) =>
        database.ReadAsync<IResult>(
            transaction,
            async () =>
            {
                var asked = about is { Length: > 0 and <= 400 } ? about : null;
                var last = long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
                var lines = await audit.ReadAsync(asked, last, Page + 1, http.RequestAborted);
                return http.Show<AuditPage, AuditShown>(
                    visitor.Words.Audit,
                    "/audit",
                    new([.. lines.Take(Page)], asked, lines.Count > Page ? lines[Page - 1].Id : null)
                );
            },
            http.RequestAborted
        );
}
