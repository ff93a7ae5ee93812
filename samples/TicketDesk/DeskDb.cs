using Microsoft.EntityFrameworkCore;

namespace Samples.TicketDesk;

/// <summary>The desk's own tables, in a schema of its own.</summary>
public sealed class DeskDb(DbContextOptions<DeskDb> options) : DbContext(options)
{
    public DbSet<Ticket> Tickets => Set<Ticket>();

    public DbSet<Comment> Comments => Set<Comment>();

    public DbSet<Colleague> Colleagues => Set<Colleague>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema("desk");
        modelBuilder.Entity<Ticket>().Property(ticket => ticket.Status).HasConversion<string>();
        modelBuilder.Entity<Comment>().HasOne<Ticket>().WithMany().HasForeignKey(comment => comment.TicketId);
        modelBuilder.Entity<Colleague>().Property(one => one.NotificationType).HasConversion<string>();
    }
}
