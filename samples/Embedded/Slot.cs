using Microsoft.EntityFrameworkCore;

namespace Embedded;

public enum SlotStatus
{
    Proposed,
    Approved,
    Confirmed,
    Declined,
    Cancelled,
}

/// <summary>An interview slot: the app's own row, which the reminders are about.</summary>
public sealed class Slot
{
    public Guid Id { get; set; } = Guid.CreateVersion7();
    public required string Title { get; set; }
    public required DateTimeOffset StartsAt { get; set; }
    public SlotStatus Status { get; set; }
    public int Answers { get; set; }

    /// <summary>What became of the question: nobody has to be rung up whom it reached.</summary>
    public string? Reminder { get; set; }
    public int Events { get; set; }
    public required string Candidate { get; set; }
    public required string CandidateChat { get; set; }
    public required string Recruiter { get; set; }
    public required string RecruiterChat { get; set; }
}

/// <summary>The app's own tables, in a schema of its own.</summary>
public sealed class HiringDb(DbContextOptions<HiringDb> options) : DbContext(options)
{
    public DbSet<Slot> Slots => Set<Slot>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema("hiring");
        modelBuilder.Entity<Slot>().Property(slot => slot.Status).HasConversion<string>();
    }
}
