namespace Reminders.Words;

/// <summary>What a value should be.</summary>
internal static class EnglishForms
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        ["form.instant"] = "an instant with its offset, such as 2027-03-01T15:00:00+03:00",
        ["form.next"] = "the former page's next, unchanged",
        ["form.next_of_list"] = "the former page's next of this list, unchanged",
        ["form.cursor"] = "as next or previous of another page has it",
        ["form.or"] = "{0} or {1}",
        ["form.default_or"] = "{0} (the default) or {1}",
        ["form.language"] = "a language, such as en or pt-BR",
        ["form.booking_here"] = "the id that the booking has here",
        ["form.object"] = "an object",
        ["form.list"] = "a list",
        ["form.id"] = "an id such as 0199f1d2-7c1e-7b1a-9c55-0d5f3b1a2c3d",
        ["form.whole_number"] = "a whole number",
        ["form.number"] = "a number",
        ["form.time_of_day"] = "a time of day such as 22:00",
        ["form.text"] = "a text",
        ["form.text_within"] = "a text of at most {0} characters, without NUL",
        ["form.long_text"] = "a text of {0} characters",
        ["form.named_object"] = "an object with at least a name",
        ["form.sent_at"] = "the instant at which it was sent, such as 2026-03-01T09:30:00Z",
        ["form.people"] = "the references of the people to tell, or a group",
        ["form.members"] = "the references of its members; an empty list empties it",
        ["form.version"] = "0 or a version",
        ["form.line"] = "one line of 1 to 320 characters",
        ["form.mail"] = "an e-mail address such as anna@example.com",
        ["form.phone"] = "a phone number with its country code, such as +49 151 23456789",
        ["form.chat"] = "a person's chat id, which is positive",
        ["form.booking_id"] = "a booking's id, such as 0199f1d2-7c1e-7b1a-9c55-0d5f3b1a2c3d",
        ["form.message_number"] = "a message's number",
        ["form.notification_number"] = "a notification's number",
        ["form.delivered"] = "true if it arrived, false if it did not",
        ["form.delivered_many"] = "true if they arrived, false if they did not",
        ["form.live_cursor"] = "the cursor of a notification, or 0 for all of them",
        ["named.line"] = "line {0}",
    };
}
