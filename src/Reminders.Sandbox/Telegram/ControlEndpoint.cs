using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Reminders.Sandbox.Telegram;

/// <summary>
/// The candidates' hands and the judge's eyes over HTTP, for tests in other languages and for <c>./dev sandbox</c>. Bodies
/// are JSON; errors are problem+json (RFC 9457).
/// </summary>
internal sealed class ControlEndpoint(TelegramSimulator simulator)
{
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            var path = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (path.Length == 0 && HttpMethods.IsGet(http.Request.Method))
            {
                await SimulatorServer.WriteAsync(http, 200, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(FrontPage())).ConfigureAwait(false);
                return;
            }

            if (path is not ["sandbox", .. var rest])
            {
                await WriteAsync(http, 404, ControlJson.Problem(404, "There is nothing here. GET / says what there is.")).ConfigureAwait(false);
                return;
            }

            using var body = await ReadBodyAsync(http.Request).ConfigureAwait(false);
            var answer = Answer(http.Request, rest, body.RootElement);
            await (answer is null
                ? WriteAsync(http, 404, ControlJson.Problem(404, $"No {http.Request.Method} {http.Request.Path}. GET / says what there is."))
                : WriteAsync(http, 200, answer)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException or InvalidOperationException or OverflowException or KeyNotFoundException)
        {
            await WriteAsync(http, 400, ControlJson.Problem(400, e.Message)).ConfigureAwait(false);
        }
    }

    private byte[]? Answer(HttpRequest request, string[] path, JsonElement body) => (request.Method.ToUpperInvariant(), path) switch
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
        ("GET", ["faults"]) => ControlJson.Faults(simulator.Faults),
        ("POST", ["faults"]) => AddFaults(body),
        ("DELETE", ["faults"]) => Done(simulator.Faults.Clear),
        ("POST", ["token", "revoke"]) => Done(simulator.RevokeToken),
        ("POST", ["token", "restore"]) => Done(simulator.RestoreToken),
        _ => null,
    };

    private byte[] Messages(string? chat) => ControlJson.Messages(
        simulator.Record, string.IsNullOrEmpty(chat) ? simulator.Record.Messages : simulator.Record.MessagesTo(ChatId(chat)));

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
            : body.TryGetProperty("button", out var button) ? simulator.PressButton(chatId, message, button.GetInt32(), times, twice, asUser)
            : throw new ArgumentException("Say what is pressed: \"data\" (a string) or \"button\" (its number, from 0).");
    }

    private byte[] AddFaults(JsonElement body)
    {
        var rules = body.ValueKind == JsonValueKind.Array ? body.EnumerateArray().Select(ControlJson.ReadRule).ToArray() : [ControlJson.ReadRule(body)];
        foreach (var rule in rules)
        {
            simulator.Faults.Add(rule);
        }

        return ControlJson.Faults(simulator.Faults);
    }

    private static byte[] Done(Action deed)
    {
        deed();
        return "{\"ok\":true}"u8.ToArray();
    }

    private static long ChatId(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new ArgumentException($"\"{text}\" is no chat id: it must be a whole number.");

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement body, string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static async Task<JsonDocument> ReadBodyAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer).ConfigureAwait(false);
        return JsonDocument.Parse(buffer.Length == 0 ? "{}"u8.ToArray() : buffer.ToArray());
    }

    private static Task WriteAsync(HttpContext http, int status, byte[] json) =>
        SimulatorServer.WriteAsync(http, status, status == 200 ? "application/json" : "application/problem+json", json);

    private string FrontPage() => $$"""
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
