using System.Text.Json;

namespace Reminders.Sandbox.Telegram;

/// <summary>The control API's JSON: snake_case, like the Bot API's.</summary>
internal static class ControlJson
{
    public static byte[] Problem(int status, string detail) => BotReply.Json(static (w, p) =>
    {
        w.WriteStartObject();
        w.WriteString("type"u8, "about:blank"u8);
        w.WriteString("title"u8, p.status == 404 ? "Not found" : "Bad request");
        w.WriteNumber("status"u8, p.status);
        w.WriteString("detail"u8, p.detail);
        w.WriteEndObject();
    }, (status, detail));

    public static byte[] Chat(SimulatedChat chat) => BotReply.Json(static (w, chat) =>
    {
        w.WriteStartObject();
        w.WriteNumber("chat_id"u8, chat.Id);
        w.WriteString("first_name"u8, chat.FirstName);
        w.WriteString("language_code"u8, chat.LanguageCode);
        w.WriteString("state"u8, chat.State.ToString());
        w.WriteEndObject();
    }, chat);

    public static byte[] Press(PressOutcome outcome) => BotReply.Json(static (w, outcome) =>
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
    }, outcome);

    /// <summary>Each message as it arrived, and beside it, when it was edited, as it is now.</summary>
    public static byte[] Messages(SimulatorRecord record, IReadOnlyList<SentMessage> messages) => BotReply.Json(static (w, s) =>
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
            WriteFault(w, message.Fault);
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
    }, (record, messages));

    public static byte[] Record(TelegramSimulator simulator) => BotReply.Json(static (w, simulator) =>
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
        WriteArray(w, "edits", record.Edits, static (w, e) =>
        {
            w.WriteNumber("chat_id"u8, e.ChatId);
            w.WriteNumber("message_id"u8, e.MessageId);
            w.WriteString("text"u8, e.Text);
            WriteButtons(w, e.Buttons);
            w.WriteString("at"u8, e.At);
        });
        WriteArray(w, "answers", record.Answers, static (w, a) =>
        {
            w.WriteString("callback_query_id"u8, a.CallbackQueryId);
            w.WriteNumber("chat_id"u8, a.ChatId);
            w.WriteNumber("message_id"u8, a.MessageId);
            w.WriteString("text"u8, a.Text);
            w.WriteBoolean("show_alert"u8, a.ShowAlert);
            w.WriteString("at"u8, a.At);
        });
        WriteArray(w, "doubts", record.Doubts, static (w, d) =>
        {
            w.WriteString("method"u8, d.Method);
            w.WriteNumber("chat_id"u8, d.ChatId);
            if (d.MessageId is { } id)
            {
                w.WriteNumber("message_id"u8, id);
            }

            w.WriteBoolean("accepted"u8, d.Accepted);
            WriteFault(w, d.Fault);
            w.WriteString("at"u8, d.At);
        });
        w.WriteEndObject();
    }, simulator);

    public static byte[] Faults(FaultPlan plan) => BotReply.Json(static (w, plan) =>
    {
        w.WriteStartArray();
        foreach (var rule in plan.Rules)
        {
            w.WriteStartObject();
            w.WriteString("kind"u8, rule.Kind.ToString());
            w.WriteString("method"u8, rule.Method);
            w.WriteNumber("probability"u8, rule.Probability);
            if (rule.Next is { } next)
            {
                w.WriteNumber("next"u8, next);
            }

            if (rule.ChatId is { } chat)
            {
                w.WriteNumber("chat_id"u8, chat);
            }

            w.WriteEndObject();
        }

        w.WriteEndArray();
    }, plan);

    public static FaultRule ReadRule(JsonElement body)
    {
        var text = body.GetProperty("kind").GetString();
        if (!Enum.TryParse<FaultKind>(text, ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
        {
            throw new ArgumentException($"\"{text}\" is no kind of fault. There are: {string.Join(", ", Enum.GetNames<FaultKind>())}.");
        }

        var rule = new FaultRule(kind);
        foreach (var property in body.EnumerateObject())
        {
            var value = property.Value;
            rule = property.Name switch
            {
                "kind" => rule,
                "method" => rule with { Method = value.GetString()! },
                "chat_id" => rule with { ChatId = value.GetInt64() },
                "probability" => rule with { Probability = value.GetDouble() },
                "next" => rule with { Next = value.GetInt32() },
                "delay_ms" => rule with { Delay = TimeSpan.FromMilliseconds(value.GetDouble()) },
                "retry_after" => rule with { RetryAfter = value.GetInt32() },
                "pauses_bot" => rule with { PausesBot = value.GetBoolean() },
                _ => throw new ArgumentException($"A fault rule has no \"{property.Name}\": kind, method, chat_id, probability, next, delay_ms, retry_after, pauses_bot."),
            };
        }

        return rule;
    }

    private static void WriteArray<T>(Utf8JsonWriter w, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> fields)
    {
        w.WriteStartArray(name);
        foreach (var item in items)
        {
            w.WriteStartObject();
            fields(w, item);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    private static void WriteButtons(Utf8JsonWriter w, IReadOnlyList<SimulatedButton> buttons) => WriteArray(w, "buttons", buttons, static (w, b) =>
    {
        w.WriteString("label"u8, b.Label);
        w.WriteString("data"u8, b.Data);
    });

    private static void WriteFault(Utf8JsonWriter w, FaultKind? fault)
    {
        if (fault is { } kind)
        {
            w.WriteString("fault"u8, kind.ToString());
        }
    }
}
