namespace Samples.TicketDesk;

public enum TicketStatus
{
    Created,
    Open,
    InProgress,
    Finished,
    Approved,
    Rejected,
}

/// <summary>A text, and whom it concerns.</summary>
public sealed record Told(string Text, IReadOnlyList<string> People);

/// <summary>A ticket: the desk's own row. Each of its changes says what is to be told of it, or null where nothing changed.</summary>
public sealed class Ticket
{
    /// <summary>From which status a ticket may get to which.</summary>
    private static readonly Dictionary<TicketStatus, TicketStatus[]> Ways = new()
    {
        [TicketStatus.Created] = [TicketStatus.Open, TicketStatus.InProgress],
        [TicketStatus.Open] = [TicketStatus.InProgress],
        [TicketStatus.InProgress] = [TicketStatus.Open, TicketStatus.Finished],
        [TicketStatus.Finished] = [TicketStatus.Approved, TicketStatus.Rejected],
        [TicketStatus.Rejected] = [TicketStatus.Open, TicketStatus.InProgress],
        [TicketStatus.Approved] = [],
    };

    public long Id { get; set; }
    public required string Title { get; set; }
    public required string Author { get; set; }
    public List<string> Assignees { get; set; } = [];
    public TicketStatus Status { get; set; }
    public DateTimeOffset? ResolutionDue { get; set; }
    public DateTimeOffset? EstimateDue { get; set; }

    /// <summary>How much has been told of it. An event's number is its notifications' version: told again, it is the same.</summary>
    public long Events { get; set; }

    /// <summary>Tells only those who were not assigned before.</summary>
    public Told? Assign(IReadOnlyList<string> people, string by)
    {
        string[] fresh = [.. people.Except(Assignees)];
        Assignees = [.. people];
        return fresh.Length == 0 ? null : new($"{by} assigned \"{Title}\" to you.", fresh);
    }

    /// <exception cref="NotNowException">It cannot get there from where it is.</exception>
    public Told? Become(TicketStatus status, string by, string text)
    {
        if (status == Status)
        {
            return null;
        }

        if (!Ways[Status].Contains(status))
        {
            throw new NotNowException($"The ticket is {Wire.Name(Status)}, and cannot become {Wire.Name(status)}.");
        }

        Status = status;
        return Say(text, by);
    }

    public Told? Comment(string comment, string by) => Say($"{by} on \"{Title}\": {comment}", by);

    /// <summary>To whoever it concerns but the one who did it.</summary>
    private Told? Say(string text, string by)
    {
        string[] concerned = [.. Assignees.Append(Author).Distinct().Where(one => one != by)];
        return concerned.Length == 0 ? null : new(text, concerned);
    }
}

/// <summary>A line under a ticket.</summary>
public sealed class Comment
{
    public long Id { get; set; }
    public required long TicketId { get; set; }
    public required string Author { get; set; }
    public required string Text { get; set; }
    public required DateTimeOffset At { get; set; }
}
