namespace Reminders.Bookings;

/// <summary>
/// A booking as a subject: its words for the engine, and what templates may say about it (the subject's <c>data</c>).
/// </summary>
internal sealed record BookingSubject(string Title, string? Place, string Candidate, string Recruiter)
{
    public const string Type = "booking";
    public const string CandidateRole = "candidate";
    public const string RecruiterRole = "recruiter";

    public const string Proposed = "proposed";
    public const string Approved = "approved";
    public const string Confirmed = "confirmed";
    public const string Declined = "declined";
    public const string Cancelled = "cancelled";
}
