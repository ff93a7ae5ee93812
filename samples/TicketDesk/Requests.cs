using Microsoft.EntityFrameworkCore;

namespace Samples.TicketDesk;

/// <summary>Instants are read by the desk itself, so that a wrong one is named like any other field.</summary>
public sealed record NewTicket(string? Title, IReadOnlyList<string>? Assignees, string? ResolutionDue, string? EstimateDue);

public sealed record NewDueTimes(string? ResolutionDue, string? EstimateDue)
{
    private static readonly TimeSpan ResolutionLead = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan EstimateLead = TimeSpan.FromMinutes(15);

    /// <summary>What is left out stays as the ticket has it, and has to fit what was given.</summary>
    public void Set(Ticket ticket, Entered entered)
    {
        var resolution = entered.Due("resolution_due", ResolutionDue, ResolutionLead) ?? ticket.ResolutionDue;
        var estimate = entered.Due("estimate_due", EstimateDue, EstimateLead) ?? ticket.EstimateDue;
        if (estimate > resolution)
        {
            entered.Wrong("estimate_due", $"is {estimate:u}, after resolution_due ({resolution:u}).");
        }

        (ticket.ResolutionDue, ticket.EstimateDue) = (resolution, estimate);
    }
}

public sealed record NewAssignees(IReadOnlyList<string>? Assignees)
{
    private const int Most = 50;

    /// <summary>Those of them who are colleagues; the others are named.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(
        IReadOnlyList<string>? assignees,
        Entered entered,
        DeskDb db,
        CancellationToken cancellationToken
    )
    {
        string[] people = [.. (assignees ?? []).Take(Most + 1).Select(one => one?.Trim() ?? "").Distinct()];
        if (people.Length > Most)
        {
            entered.Wrong("assignees", $"has more than {Most} people.");
        }

        var known = await db.Colleagues.Where(one => people.Contains(one.Id)).Select(one => one.Id).ToListAsync(cancellationToken);
        foreach (var stranger in people.Except(known).Take(1))
        {
            entered.Wrong("assignees", $"has '{stranger}', who is no colleague.");
        }

        return people;
    }
}

public sealed record Rejection(string? Reason);

public sealed record NewComment(string? Comment);

public sealed record NewStatus(string? Status);

public sealed record NewColleague(string? Name, string? Email, string? Phone, string? NotificationType);
