using System.Text.Json;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <summary>The control API's JSON: snake_case, like the Bot API's.</summary>
internal static class ControlJson
{
    public static byte[] Chat(SimulatedChat chat) =>
        SimulatorJson.Of(
            static (w, chat) =>
            {
                w.WriteStartObject();
                w.WriteNumber("chat_id"u8, chat.Id);
                w.WriteString("first_name"u8, chat.FirstName);
                w.WriteString("language_code"u8, chat.LanguageCode);
                w.WriteString("state"u8, chat.State.ToString());
                w.WriteEndObject();
            },
            chat
        );

    public static byte[] Press(PressOutcome outcome) =>
        SimulatorJson.Of(
            static (w, outcome) =>
            {
                w.WriteStartObject();
                w.WriteBoolean("ok"u8, outcome.Reached);
                w.WriteString("detail"u8, outcome.Detail);
                w.WriteStartArray("presses"u8);
                foreach (var press in outcome.Presses)
                {
                    w.WriteStartObject();
                    w.WriteString("callback_query_id"u8, press.CallbackQueryId);
                    w.WriteStartArray("update_ids"u8);
                    foreach (var id in press.UpdateIds)
                    {
                        w.WriteNumberValue(id);
                    }

                    w.WriteEndArray();
                    w.WriteEndObject();
                }

                w.WriteEndArray();
                w.WriteEndObject();
            },
            outcome
        );

    /// <summary>Each message as it arrived, and beside it, when it was edited, as it is now.</summary>
    public static byte[] Messages(SimulatorRecord record, IReadOnlyList<SentMessage> messages) =>
        SimulatorJson.Of(
            static (w, s) =>
            {
                w.WriteStartArray();
                foreach (var message in s.messages)
                {
                    w.WriteStartObject();
                    w.WriteNumber("chat_id"u8, message.ChatId);
                    w.WriteNumber("message_id"u8, message.MessageId);
                    w.WriteString("text"u8, message.Text);
                    WriteButtons(w, message.Buttons);
                    w.WriteString("arrived_at"u8, message.ArrivedAt);
                    w.WriteBoolean("reply_dropped"u8, message.ReplyDropped);
                    SimulatorJson.WriteFault(w, message.Fault);
                    if (s.record.CurrentMessage(message.ChatId, message.MessageId) is { EditedAt: { } editedAt } now)
                    {
                        w.WriteStartObject("now"u8);
                        w.WriteString("text"u8, now.Text);
                        WriteButtons(w, now.Buttons);
                        w.WriteString("edited_at"u8, editedAt);
                        w.WriteEndObject();
                    }

                    w.WriteEndObject();
                }

                w.WriteEndArray();
            },
            (record, messages)
        );

    public static byte[] Record(TelegramSimulator simulator) =>
        SimulatorJson.Of(
            static (w, simulator) =>
            {
                var record = simulator.Record;
                w.WriteStartObject();
                w.WriteNumber("messages"u8, record.MessageCount);
                w.WriteNumber("too_many_requests"u8, record.TooManyRequests);
                w.WriteNumber("pending_updates"u8, simulator.PendingUpdates);
                w.WriteStartObject("calls"u8);
                foreach (var (method, count) in record.CallsByMethod)
                {
                    w.WriteNumber(method.Length == 0 ? "unknown" : method, count);
                }

                w.WriteEndObject();
                w.WriteStartObject("errors"u8);
                foreach (var (code, count) in record.ErrorsByCode)
                {
                    w.WriteNumber(code.ToString(System.Globalization.CultureInfo.InvariantCulture), count);
                }

                w.WriteEndObject();
                SimulatorJson.WriteArray(
                    w,
                    "edits",
                    record.Edits,
                    static (w, e) =>
                    {
                        w.WriteNumber("chat_id"u8, e.ChatId);
                        w.WriteNumber("message_id"u8, e.MessageId);
                        w.WriteString("text"u8, e.Text);
                        WriteButtons(w, e.Buttons);
                        w.WriteString("at"u8, e.At);
                    }
                );
                SimulatorJson.WriteArray(
                    w,
                    "answers",
                    record.Answers,
                    static (w, a) =>
                    {
                        w.WriteString("callback_query_id"u8, a.CallbackQueryId);
                        w.WriteNumber("chat_id"u8, a.ChatId);
                        w.WriteNumber("message_id"u8, a.MessageId);
                        w.WriteString("text"u8, a.Text);
                        w.WriteBoolean("show_alert"u8, a.ShowAlert);
                        w.WriteString("at"u8, a.At);
                    }
                );
                SimulatorJson.WriteArray(
                    w,
                    "doubts",
                    record.Doubts,
                    static (w, d) =>
                    {
                        w.WriteString("method"u8, d.Method);
                        w.WriteNumber("chat_id"u8, d.ChatId);
                        if (d.MessageId is { } id)
                        {
                            w.WriteNumber("message_id"u8, id);
                        }

                        w.WriteBoolean("accepted"u8, d.Accepted);
                        SimulatorJson.WriteFault(w, d.Fault);
                        w.WriteString("at"u8, d.At);
                    }
                );
                w.WriteEndObject();
            },
            simulator
        );

    private static void WriteButtons(Utf8JsonWriter w, IReadOnlyList<SimulatedButton> buttons) =>
        SimulatorJson.WriteArray(
            w,
            "buttons",
            buttons,
            static (w, b) =>
            {
                w.WriteString("label"u8, b.Label);
                w.WriteString("data"u8, b.Data);
            }
        );
}
