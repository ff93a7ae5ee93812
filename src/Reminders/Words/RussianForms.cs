namespace Reminders.Words;

/// <summary>Каким должно быть значение.</summary>
internal static class RussianForms
{
    public static readonly Dictionary<string, string> Texts = new()
    {
        ["form.instant"] = "момент времени со смещением, например 2027-03-01T15:00:00+03:00",
        ["form.next"] = "next предыдущей страницы, без изменений",
        ["form.next_of_list"] = "next предыдущей страницы этого же списка, без изменений",
        ["form.cursor"] = "то, что стоит в next или previous другой страницы",
        ["form.or"] = "{0} или {1}",
        ["form.default_or"] = "{0} (так и без него) или {1}",
        ["form.language"] = "язык, например en или pt-BR",
        ["form.booking_here"] = "номер, который у записи здесь",
        ["form.object"] = "объект",
        ["form.list"] = "список",
        ["form.id"] = "номер вида 0199f1d2-7c1e-7b1a-9c55-0d5f3b1a2c3d",
        ["form.whole_number"] = "целое число",
        ["form.number"] = "число",
        ["form.time_of_day"] = "время суток, например 22:00",
        ["form.text"] = "текст",
        ["form.text_within"] = "текст не длиннее {0} символов, без NUL",
        ["form.long_text"] = "текст, символов {0}",
        ["form.named_object"] = "объект, в котором есть хотя бы name",
        ["form.sent_at"] = "когда это отправлено, например 2026-03-01T09:30:00Z",
        ["form.people"] = "номера людей, которым сообщить, или group",
        ["form.members"] = "номера участников; пустой список делает группу пустой",
        ["form.version"] = "0 или номер версии",
        ["form.line"] = "одна строка от 1 до 320 символов",
        ["form.mail"] = "адрес электронной почты, например anna@example.com",
        ["form.phone"] = "номер телефона с кодом страны, например +49 151 23456789",
        ["form.chat"] = "номер чата с человеком, он положительный",
        ["form.booking_id"] = "номер записи, например 0199f1d2-7c1e-7b1a-9c55-0d5f3b1a2c3d",
        ["form.message_number"] = "номер сообщения",
        ["form.notification_number"] = "номер уведомления",
        ["form.delivered"] = "true, если оно пришло, и false, если нет",
        ["form.delivered_many"] = "true, если они пришли, и false, если нет",
        ["form.live_cursor"] = "cursor уведомления, или 0, если нужны все",
        ["named.line"] = "строка {0}",
    };
}
