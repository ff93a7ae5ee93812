using System.Globalization;
using System.Text;
using Reminders.Channels;

namespace Reminders.Explain;

/// <summary>A booking's story as plain text, for a terminal or a mail.</summary>
internal static class ExplainText
{
    public static string Render(BookingStory story)
    {
        var text = new StringBuilder();
        text.AppendLine(
            $"“{OutsideText.Clean(story.Title)}” on {StoryWords.Show(story.StartsAt)}: {story.Status}{Moved(story)}. Booking {story.Id}."
        );
        if (story is { Reminders.Count: 0, Next: null })
        {
            text.AppendLine().AppendLine("No reminder was ever planned for it: it has not been approved yet.");
        }

        foreach (var reminder in story.Reminders)
        {
            Append(
                text,
                reminder.Version == story.ScheduleVersion
                    ? ""
                    : $" (of version {reminder.Version}, the booking is at {story.ScheduleVersion})",
                reminder
            );
        }

        AppendMore(text, story.Next, story.More);
        return text.ToString();
    }

    public static string Render(SubjectStory story)
    {
        var text = new StringBuilder();
        text.AppendLine($"{OutsideText.Clean(story.Type)} {OutsideText.Clean(story.Subject)}: {story.Status}.");
        foreach (var reminder in story.Reminders)
        {
            Append(text, "", reminder);
        }

        AppendMore(text, story.Next, story.More);
        return text.ToString();
    }

    private static void AppendMore(StringBuilder text, long? next, int more)
    {
        if (next is { } last)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{more} more follow: explain … --after {last}");
        }
    }

    private static string Moved(BookingStory story) =>
        story.ScheduleVersion == 1 ? "" : $", changed {StoryWords.Times(story.ScheduleVersion - 1)} since it was made";

    private static void Append(StringBuilder text, string former, ReminderStory reminder)
    {
        text.AppendLine().AppendLine($"{reminder.Kind} to {OutsideText.Clean(reminder.Recipient)}{former}");
        text.AppendLine($"  {OutsideText.Clean(reminder.Summary)}");
        foreach (var happened in reminder.Events)
        {
            var by = happened.By is { } who && happened.Step != StoryStep.Pressed ? $" [{who}]" : "";
            text.AppendLine($"  {StoryWords.Show(happened.At)}  {OutsideText.Clean(happened.Text)}{OutsideText.Clean(by)}");
        }
    }
}
