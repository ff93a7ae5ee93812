using System.Text;
using Reminders.Channels;
using Reminders.Words;

namespace Reminders.Explain;

/// <summary>A booking's story as plain text, for a terminal or a mail, in the words in which it was told.</summary>
internal static class ExplainText
{
    public static string Render(BookingStory story, Wording words)
    {
        var text = new StringBuilder();
        long? moved = story.ScheduleVersion == 1 ? null : story.ScheduleVersion - 1;
        Line(text, words, new("story.booking", story.Title, story.StartsAt, story.Status, moved, $"{story.Id}"));
        if (story is { Reminders.Count: 0, Next: null })
        {
            Line(text.AppendLine(), words, new("story.nothing_planned"));
        }

        foreach (var reminder in story.Reminders)
        {
            Append(text, words, reminder.Version == story.ScheduleVersion ? null : story.ScheduleVersion, reminder);
        }

        AppendMore(text, words, story.Next, story.More);
        return text.ToString();
    }

    public static string Render(SubjectStory story, Wording words)
    {
        var text = new StringBuilder();
        Line(text, words, new("story.subject", story.Type, story.Subject, story.Status));
        foreach (var reminder in story.Reminders)
        {
            Append(text, words, null, reminder);
        }

        AppendMore(text, words, story.Next, story.More);
        return text.ToString();
    }

    private static void AppendMore(StringBuilder text, Wording words, long? next, int more)
    {
        if (next is { } last)
        {
            Line(text.AppendLine(), words, new("story.more", (long)more, $"explain … --after {last}"));
        }
    }

    /// <param name="now">The booking's version, where the reminder was for another.</param>
    private static void Append(StringBuilder text, Wording words, long? now, ReminderStory reminder)
    {
        Line(
            text.AppendLine(),
            words,
            new("story.reminder", reminder.Kind, reminder.Recipient, now is null ? null : reminder.Version, now)
        );
        text.AppendLine($"  {OutsideText.Clean(reminder.Summary)}");
        foreach (var happened in reminder.Events)
        {
            var by = happened.By is { } who && happened.Step != StoryStep.Pressed ? $" [{who}]" : "";
            text.AppendLine($"  {words.Show(happened.At)}  {OutsideText.Clean(happened.Text)}{OutsideText.Clean(by)}");
        }
    }

    private static void Line(StringBuilder text, Wording words, Sentence sentence) =>
        text.AppendLine(OutsideText.Clean(words.Of(sentence)));
}
