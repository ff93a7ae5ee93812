using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Reminders;
using Reminders.Apps;
using Reminders.Telegram;
using Reminders.Web;

namespace Embedded;

/// <summary>All that the app has to do with the engine.</summary>
public sealed class Slots(HiringDb db, IReminders reminders)
{
    /// <summary>The slot and what is told of it, both or neither.</summary>
    public async Task SaveAsync(Slot slot)
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.SaveChangesAsync();
        await reminders.Within(transaction).ApplyAsync(SubjectOf(slot));
        await transaction.CommitAsync();
    }

    public static Subject SubjectOf(Slot slot) =>
        new(
            "slot",
            slot.Id.ToString(),
            slot.Status.ToString().ToLowerInvariant(),
            slot.StartsAt,
            [
                new("candidate", new(slot.Candidate, slot.Candidate, Addresses: Chat(slot.CandidateChat))),
                new("recruiter", new(slot.Recruiter, slot.Recruiter, Addresses: Chat(slot.RecruiterChat))),
            ],
            new { slot.Title, slot.Candidate }
        );

    private static Dictionary<string, string> Chat(string id) => new() { ["telegram"] = id };
}

/// <summary>The candidate's answer, in the slot's own row.</summary>
public sealed class SlotAnswers(HiringDb db) : IAnswerHandler
{
    public async Task OnAnswerAsync(Answer answer, DbTransaction transaction, CancellationToken cancellationToken)
    {
        db.Database.SetDbConnection(transaction.Connection);
        await db.Database.UseTransactionAsync(transaction, cancellationToken);
        var slot = await db.Slots.SingleAsync(one => one.Id == Guid.Parse(answer.Key), cancellationToken);
        slot.Status = Enum.Parse<SlotStatus>(answer.Status, ignoreCase: true);
        slot.Answers++;
        await db.SaveChangesAsync(cancellationToken);
    }
}

/// <summary>What became of the question, in the slot's own row as well.</summary>
public sealed class SlotEvents(HiringDb db) : IEventHandler
{
    public async Task OnEventAsync(ReminderEvent told, DbTransaction transaction, CancellationToken cancellationToken)
    {
        if (told.Kind != "SLOT_2H")
        {
            return;
        }

        db.Database.SetDbConnection(transaction.Connection);
        await db.Database.UseTransactionAsync(transaction, cancellationToken);
        await db
            .Slots.Where(slot => slot.Id == Guid.Parse(told.Key))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(slot => slot.Reminder, told.Type.ToString()).SetProperty(slot => slot.Events, slot => slot.Events + 1),
                cancellationToken
            );
    }
}

public static class SlotReminders
{
    public static void AddSlotReminders(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<Slots>();
        builder
            .Services.AddReminders(builder.Configuration)
            .UsePostgres(builder.Configuration["Hiring:Database"]!)
            .AddTelegram()
            .OnAnswer<SlotAnswers>()
            .OnEvent<SlotEvents>(ReminderEventType.Sent, ReminderEventType.Held, ReminderEventType.Unreachable)
            .WithoutShippedKinds()
            .AddKind(
                "SLOT_2H",
                kind =>
                {
                    (kind.Subject, kind.On, kind.To) = ("slot", "approved", "candidate");
                    (kind.Before, kind.UsefulUntilBefore) = (TimeSpan.FromHours(2), TimeSpan.FromMinutes(10));
                    (kind.WantedIn, kind.Buttons) = (["approved"], ["confirm", "decline"]);
                    kind.Templates["en"] = new()
                    {
                        ["text"] = "{candidate}, your interview \"{title}\" is at {starts_at:HH:mm} ({zone}). Will you be there?",
                        ["confirm"] = "I confirm",
                        ["decline"] = "I can't make it",
                        ["confirmed"] = "You confirmed \"{title}\" at {starts_at:HH:mm}.",
                        ["declined"] = "You can't make \"{title}\".",
                        ["moved"] = "\"{title}\" was moved to {starts_at:HH:mm}.",
                        ["cancelled"] = "\"{title}\" was cancelled.",
                    };
                }
            )
            .AddKind(
                "SLOT_CONFIRMED",
                kind =>
                {
                    (kind.Subject, kind.On, kind.To) = ("slot", "confirmed", "recruiter");
                    kind.Templates["en"] = new() { ["text"] = "{candidate} confirmed \"{title}\"." };
                }
            );
    }

    public static void MapSlotReminders(this WebApplication app) =>
        app.MapReminders(
            "/reminders",
            map =>
            {
                map.RecruiterPolicy = "staff";
                map.Recipient = user => user.FindFirst("sub")?.Value;
            }
        );
}
