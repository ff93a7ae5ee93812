using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <inheritdoc cref="ControlSurface"/>
internal sealed class ControlEndpoint(TelegramSimulator simulator) : ControlSurface
{
    protected override ValueTask<byte[]?> AnswerAsync(HttpRequest request, string[] path, JsonElement body) =>
        new(Answer(request, path, body));

    private byte[]? Answer(HttpRequest request, string[] path, JsonElement body) =>
        (request.Method.ToUpperInvariant(), path) switch
        {
            ("GET", ["messages"]) => Messages(request.Query["chat"]),
            ("GET", ["record"]) => ControlJson.Record(simulator),
            ("DELETE", ["record"]) => Done(simulator.Record.Clear),
            ("POST", ["chats"]) => AddChat(body),
            ("POST", ["chats", var id, "text"]) => Done(() => simulator.SendText(ChatId(id), body.GetProperty("text").GetString() ?? "")),
            ("POST", ["chats", var id, "press"]) => ControlJson.Press(Press(ChatId(id), body)),
            ("POST", ["chats", var id, "block"]) => Done(() => simulator.Block(ChatId(id))),
            ("POST", ["chats", var id, "unblock"]) => Done(() => simulator.Unblock(ChatId(id))),
            ("POST", ["chats", var id, "deactivate"]) => Done(() => simulator.Deactivate(ChatId(id))),
            ("GET", ["faults"]) => FaultJson.All(simulator.Faults),
            ("POST", ["faults"]) => FaultJson.Add(simulator.Faults, body),
            ("DELETE", ["faults"]) => Done(simulator.Faults.Clear),
            ("POST", ["token", "revoke"]) => Done(simulator.RevokeToken),
            ("POST", ["token", "restore"]) => Done(simulator.RestoreToken),
            _ => null,
        };

    private byte[] Messages(string? chat) =>
        ControlJson.Messages(
            simulator.Record,
            string.IsNullOrEmpty(chat) ? simulator.Record.Messages : simulator.Record.MessagesTo(ChatId(chat))
        );

    private byte[] AddChat(JsonElement body)
    {
        var id = body.GetProperty("chat_id").GetInt64();
        if (Flag(body, "stranger"))
        {
            simulator.AddStranger(id);
        }
        else
        {
            simulator.AddChat(id, Text(body, "first_name") ?? "Candidate", Text(body, "language_code") ?? "en");
        }

        return ControlJson.Chat(simulator.FindChat(id)!);
    }

    private PressOutcome Press(long chatId, JsonElement body)
    {
        var message = body.GetProperty("message_id").GetInt64();
        var times = body.TryGetProperty("times", out var t) ? t.GetInt32() : 1;
        long? asUser = body.TryGetProperty("as_user", out var u) && u.ValueKind == JsonValueKind.Number ? u.GetInt64() : null;
        var twice = Flag(body, "as_two_updates");
        return Text(body, "data") is { } data ? simulator.Press(chatId, message, data, times, twice, asUser)
            : body.TryGetProperty("button", out var button)
                ? simulator.PressButton(chatId, message, button.GetInt32(), times, twice, asUser)
            : throw new ArgumentException("Say what is pressed: \"data\" (a string) or \"button\" (its number, from 0).");
    }

    private static long ChatId(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new ArgumentException($"\"{text}\" is no chat id: it must be a whole number.");

    protected override string FrontPage() =>
        $$"""
            A Telegram of your own. Nothing here leaves this machine.

            For a bot:   API address {{simulator.BaseAddress}}   token {{simulator.Token}}   name @{{simulator.BotUsername}}

            For you (JSON):
              POST   /sandbox/chats                  {"chat_id":1002,"first_name":"Ann","language_code":"en","stranger":false}
              POST   /sandbox/chats/{id}/text        {"text":"/start"}
              POST   /sandbox/chats/{id}/press       {"message_id":1,"button":0}  or "data":"…"; also times, as_two_updates, as_user
              POST   /sandbox/chats/{id}/block       also unblock, deactivate
              GET    /sandbox/messages?chat={id}     what arrived; without chat, everything
              GET    /sandbox/record                 counts, edits, answers, doubts
              DELETE /sandbox/record                 forget what arrived
              POST   /sandbox/faults                 {"kind":"DropReply","method":"sendMessage","next":1}
              GET    /sandbox/faults                 the rules in force; DELETE lifts them
              POST   /sandbox/token/revoke           also restore

            """;
}
