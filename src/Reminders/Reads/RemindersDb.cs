using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Reminders.Outbox;
using Reminders.Settings;

namespace Reminders.Reads;

/// <summary>
/// The engine's own tables, for everything ordinary: reading a booking, explaining it, listing what is held.
/// What must be atomic or set-based is hand-written SQL beside its feature. The scripts in <c>Scripts/</c> own the
/// schema; a test compares this model with a migrated database.
/// </summary>
internal sealed class RemindersDb(DbContextOptions<RemindersDb> options, SchemaNames names) : DbContext(options)
{
    public SchemaNames Names => names;

    public DbSet<RecipientRow> Recipients => Set<RecipientRow>();
    public DbSet<SubjectRow> Subjects => Set<SubjectRow>();
    public DbSet<OccurrenceRow> Occurrences => Set<OccurrenceRow>();
    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();
    public DbSet<UnderWayRow> UnderWay => Set<UnderWayRow>();
    public DbSet<SuppressionRow> Suppressions => Set<SuppressionRow>();
    public DbSet<OptOutRow> OptOuts => Set<OptOutRow>();

    /// <summary>An address as a person may see it who is not to write to it: <c>reminders.masked</c>, within a query only.</summary>
    public static string Masked(string address) =>
        throw new NotSupportedException($"Masked is for queries; it was asked to mask {address.Length} characters.");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(names.Engine);
        modelBuilder.HasDbFunction(() => Masked(default!)).HasName("masked").HasSchema(names.Engine);

        modelBuilder.Entity<RecipientRow>().ToTable("recipient").HasMany(r => r.Addresses).WithOne().HasForeignKey(a => a.RecipientId);
        modelBuilder.Entity<AddressRow>().ToTable("address").HasKey(a => new { a.RecipientId, a.Channel });
        modelBuilder.Entity<SubjectRow>(subject =>
        {
            subject.ToTable("subject").Property(s => s.Data).HasColumnType("jsonb");
            subject.HasMany(s => s.Parties).WithOne().HasForeignKey(p => p.SubjectId);
        });
        modelBuilder.Entity<PartyRow>(party =>
        {
            party
                .ToTable("party")
                .HasKey(p => new
                {
                    p.SubjectId,
                    p.Role,
                    p.RecipientId,
                });
            party.HasOne(p => p.Recipient).WithMany().HasForeignKey(p => p.RecipientId);
        });
        modelBuilder.Entity<OccurrenceRow>(occurrence =>
        {
            occurrence.ToTable("occurrence").HasOne(o => o.Recipient).WithMany().HasForeignKey(o => o.RecipientId);
            occurrence.HasOne(o => o.Subject).WithMany().HasForeignKey(o => o.SubjectId);
            occurrence.HasMany(o => o.Messages).WithOne(m => m.Occurrence).HasForeignKey(m => m.OccurrenceId);
            occurrence.HasOne(o => o.InboxItem).WithOne().HasForeignKey<InboxItemRow>(i => i.OccurrenceId);
            occurrence.Ignore(o => o.HandAnswers);
            occurrence.HasMany(o => o.Suppressions).WithOne(s => s.Occurrence).HasForeignKey(s => s.OccurrenceId);
        });
        modelBuilder.Entity<InboxItemRow>().ToTable("inbox_item");
        modelBuilder.Entity<OptOutRow>().ToTable("opt_out").HasKey(o => o.Key);
        modelBuilder.Entity<SuppressionRow>().ToTable("suppression").HasKey(s => new { s.OccurrenceId, s.Rule });
        modelBuilder.Entity<OutboxRow>(message =>
        {
            message
                .ToTable("outbox")
                .Property(m => m.State)
                .HasConversion(state => state.ToColumn(), column => MessageStates.FromColumn(column));
            message.Property(m => m.AttemptsSpent).HasColumnName("attempts");
            message.Property(m => m.ResendNumber).HasColumnName("number");
            message.HasMany(m => m.Attempts).WithOne().HasForeignKey(a => a.MessageId);
            message.HasMany(m => m.Presses).WithOne().HasForeignKey(p => p.MessageId);
            message.HasMany(m => m.OperatorActions).WithOne().HasForeignKey(a => a.MessageId);
        });
        modelBuilder.Entity<UnderWayRow>().ToView("under_way").HasKey(one => one.Id);
        modelBuilder.Entity<AttemptRow>().ToView("every_attempt").HasKey(a => new { a.MessageId, a.LeaseToken });
        modelBuilder.Entity<PressRow>().ToTable("press");
        modelBuilder.Entity<OperatorActionRow>().ToTable("operator_action");

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            // What was named above keeps its name; everything else is the property in snake_case.
            if (property.GetColumnName() == property.Name)
            {
                property.SetColumnName(SnakeCase(property.Name));
            }
        }
    }

    private static string SnakeCase(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    /// <summary>A model for each schema name: EF Core keeps one per context type otherwise, and two installations share a process in
    /// tests.</summary>
    internal sealed class ModelPerSchema : IModelCacheKeyFactory
    {
        public object Create(DbContext context, bool designTime) => (context.GetType(), ((RemindersDb)context).Names.Engine, designTime);
    }
}
