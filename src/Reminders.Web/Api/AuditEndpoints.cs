using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Reminders.Commands;
using Reminders.Web.Keys;
using Reminders.Web.Problems;
using Reminders.Words;

namespace Reminders.Web.Api;

/// <param name="Person">What the ledger calls them now, as owner/reference; an erased one's keyed hash.</param>
internal sealed record AuditView(
    long Id,
    DateTimeOffset At,
    string Actor,
    string Action,
    string About,
    string? Person,
    JsonElement? Before,
    JsonElement? After,
    string? Reason,
    bool Refused
)
{
    public static AuditView Of(AuditLine line, Wording words) =>
        new(
            line.Id,
            line.At,
            line.Actor,
            line.Action,
            line.About,
            line.Person,
            Json(line.Before),
            Json(line.After),
            line.ReasonIn(words),
            line.Refused
        );

    private static JsonElement? Json(string? text) => text is null ? null : JsonSerializer.Deserialize<JsonElement>(text);
}

/// <param name="Next">What to give as <c>before</c> for the next page; null on the last.</param>
internal sealed record AuditPage(IReadOnlyList<AuditView> Items, string? Next);

/// <summary>For operators: who changed an address, a key, a token, an answer or a pause, and who was refused.</summary>
internal static class AuditEndpoints
{
    private static readonly EndpointText List = new(
        "ListAudit",
        "Who changed what",
        """
        Newest first: every change of an address, a key, a token and a booking's candidate, erasures, and what was refused. Narrow by
        `about`: `/api/audit?about=key booking-app`. Addresses are masked. `size` is 1 to 200, 50 by default; give a page's `next`
        as `before` for the following one.
        """
    );

    public static void MapAudit(this IEndpointRouteBuilder api) =>
        api.MapGroup("/audit")
            .WithTags("Audit")
            .RequireAuthorization(Policies.Operator)
            .MapGet("", ListAsync)
            .Describe(List)
            .Produces<AuditPage>()
            .WithProblems(400);

    private static async Task<IResult> ListAsync(
        AuditLog log,
        Spoken spoken,
        CancellationToken stop,
        string? about = null,
        string? before = null,
        string? size = null
    )
    {
        var errors = new FieldErrors();
        var rows = OutboxQuery.Size(size, errors);
        errors.Text("about", about, 400, required: false);
        if (before is not null && !long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            errors.Add("before", "wrong.not", FieldErrors.Cut(before), new Sentence("form.next"));
        }

        if (errors.All.Count > 0)
        {
            return new WrongFieldsResult(errors.All);
        }

        var from = before is null ? (long?)null : long.Parse(before, CultureInfo.InvariantCulture);
        var lines = await log.ReadAsync(string.IsNullOrEmpty(about) ? null : about, from, rows + 1, stop);
        var more = lines.Count > rows;
        return TypedResults.Ok(
            new AuditPage(
                [.. lines.Take(rows).Select(line => AuditView.Of(line, spoken.Words))],
                more ? lines[rows - 1].Id.ToString(CultureInfo.InvariantCulture) : null
            )
        );
    }
}
