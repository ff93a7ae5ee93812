using System.Text.Json;

namespace Reminders.Lab.Telegram;

/// <summary>The Bot API's objects, as they go over the wire.</summary>
internal sealed class MessageJson(long botId, string botUsername)
{
    public void WriteBot(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        WriteBotFields(w);
        w.WriteEndObject();
    }

    public void WriteBotFields(Utf8JsonWriter w)
    {
        w.WriteNumber("id"u8, botId);
        w.WriteBoolean("is_bot"u8, true);
        w.WriteString("first_name"u8, "Sandbox"u8);
        w.WriteString("username"u8, botUsername);
    }

    public static void WriteUser(Utf8JsonWriter w, long id, SimulatedChat? chat)
    {
        w.WriteStartObject();
        w.WriteNumber("id"u8, id);
        w.WriteBoolean("is_bot"u8, false);
        w.WriteString("first_name"u8, chat?.FirstName ?? "Someone");
        w.WriteString("language_code"u8, chat?.LanguageCode ?? "en");
        w.WriteEndObject();
    }

    public static void WriteChatFields(Utf8JsonWriter w, SimulatedChat chat)
    {
        w.WriteNumber("id"u8, chat.Id);
        w.WriteString(chat.Id > 0 ? "first_name"u8 : "title"u8, chat.FirstName);
        w.WriteString("type"u8, chat.Type);
    }

    /// <summary>A message of the bot. Call under the chat's gate.</summary>
    public void WriteMessage(Utf8JsonWriter w, SimulatedChat chat, StoredMessage message)
    {
        w.WriteStartObject();
        w.WriteNumber("message_id"u8, message.Sent.MessageId);
        w.WriteStartObject("from"u8);
        WriteBotFields(w);
        w.WriteEndObject();
        w.WriteStartObject("chat"u8);
        WriteChatFields(w, chat);
        w.WriteEndObject();
        w.WriteNumber("date"u8, message.Sent.ArrivedAt.ToUnixTimeSeconds());
        if (message.EditedAt is { } edited)
        {
            w.WriteNumber("edit_date"u8, edited.ToUnixTimeSeconds());
        }

        w.WriteString("text"u8, message.Text);
        TextEntity.Write(w, message.Entities);
        if (message.Keyboard is { } keyboard)
        {
            w.WritePropertyName("reply_markup"u8);
            w.WriteRawValue(keyboard.Json, skipInputValidation: true);
        }

        w.WriteEndObject();
    }

    /// <summary>A person's text. A leading command is marked as an entity: that is what bot libraries route by.</summary>
    public static void WriteText(Utf8JsonWriter w, SimulatedChat chat, long messageId, string text, DateTimeOffset at)
    {
        w.WriteStartObject();
        w.WriteNumber("message_id"u8, messageId);
        w.WritePropertyName("from"u8);
        WriteUser(w, chat.Id, chat);
        w.WriteStartObject("chat"u8);
        WriteChatFields(w, chat);
        w.WriteEndObject();
        w.WriteNumber("date"u8, at.ToUnixTimeSeconds());
        w.WriteString("text"u8, text);
        if (text is ['/', not ' ', ..])
        {
            var end = text.AsSpan().IndexOfAny(" \n\t");
            TextEntity.Write(w, [new("bot_command", 0, end < 0 ? text.Length : end)]);
        }

        w.WriteEndObject();
    }

    /// <summary>A press. The message is the stub with date 0 when the bot's side no longer has it.</summary>
    public void WritePress(Utf8JsonWriter w, string id, long userId, SimulatedChat? user, SimulatedChat chat, long messageId, string data)
    {
        w.WriteStartObject();
        w.WriteString("id"u8, id);
        w.WritePropertyName("from"u8);
        WriteUser(w, userId, user);
        w.WritePropertyName("message"u8);
        if (chat.Find(messageId) is { } message)
        {
            WriteMessage(w, chat, message);
        }
        else
        {
            w.WriteStartObject();
            w.WriteStartObject("chat"u8);
            WriteChatFields(w, chat);
            w.WriteEndObject();
            w.WriteNumber("message_id"u8, messageId);
            w.WriteNumber("date"u8, 0);
            w.WriteEndObject();
        }

        // The chat's stable fingerprint: the same for every press in it.
        w.WriteString(
            "chat_instance"u8,
            unchecked((chat.Id * 0x5851F42D4C957F2DL) ^ botId).ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
        w.WriteString("data"u8, data);
        w.WriteEndObject();
    }
}
