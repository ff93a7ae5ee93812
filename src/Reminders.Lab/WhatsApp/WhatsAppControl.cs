using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.WhatsApp;

/// <inheritdoc cref="ControlSurface"/>
internal sealed class WhatsAppControl(WhatsAppSimulator simulator) : ControlSurface
{
    protected override async ValueTask<byte[]?> AnswerAsync(HttpRequest request, string[] path, JsonElement body)
    {
        switch (request.Method.ToUpperInvariant(), path)
        {
            case ("POST", ["webhook"]):
                await simulator
                    .SetWebhookAsync([.. body.GetProperty("urls").EnumerateArray().Select(url => new Uri(url.GetString()!))])
                    .ConfigureAwait(false);
                return Done(() => { });
            case ("POST", ["people", var number, "text"]):
                return Id(simulator.SendText(number, body.GetProperty("text").GetString() ?? "", Text(body, "user_id")));
            case ("POST", ["people", var number, "number"]):
                return Id(simulator.ChangeNumber(number, body.GetProperty("to").GetString()!));
            case ("POST", ["people", var number, "refuse"]):
                return Done(() => simulator.RefuseNext(number, body.GetProperty("code").GetInt32()));
            case ("POST", ["people", var number, "window"]):
                return Done(() => simulator.OpenWindow(number));
            case ("POST", ["people", var number, "fail"]):
                return Done(() => simulator.FailLater(number, body.GetProperty("code").GetInt32()));
            case ("POST", ["messages", var id, "press"]):
                return Id(simulator.Press(id, body.GetProperty("button").GetInt32(), Text(body, "from"), Text(body, "user_id")));
            case ("POST", ["messages", var id, "status"]):
                return Done(() =>
                    simulator.Tell(
                        id,
                        body.GetProperty("status").GetString()!,
                        body.TryGetProperty("code", out var code) ? code.GetInt32() : null
                    )
                );
            case ("GET", ["messages"]):
                return Messages(request.Query["to"]);
            case ("GET", ["record"]):
                return Record();
            case ("DELETE", ["record"]):
                return Done(simulator.Record.Clear);
            case ("GET", ["faults"]):
                return FaultJson.All(simulator.Faults);
            case ("POST", ["faults"]):
                return FaultJson.Add(simulator.Faults, body);
            case ("DELETE", ["faults"]):
                return Done(simulator.Faults.Clear);
            case ("POST", ["token", "revoke"]):
                return Done(simulator.RevokeToken);
            case ("POST", ["token", "restore"]):
                return Done(simulator.RestoreToken);
            default:
                return null;
        }
    }

    private byte[] Messages(string? to) =>
        SimulatorJson.Of(
            static (w, messages) =>
            {
                w.WriteStartArray();
                foreach (var message in messages)
                {
                    w.WriteStartObject();
                    w.WriteString("id"u8, message.Id);
                    w.WriteString("to"u8, message.To);
                    w.WriteString("type"u8, message.Type);
                    w.WriteString("text"u8, message.Text);
                    SimulatorJson.WriteArray(
                        w,
                        "buttons",
                        message.Buttons,
                        static (w, b) =>
                        {
                            w.WriteString("title"u8, b.Title);
                            w.WriteString("data"u8, b.Data);
                        }
                    );
                    w.WriteString("reference"u8, message.Reference);
                    w.WriteString("arrived_at"u8, message.ArrivedAt);
                    SimulatorJson.WriteFault(w, message.Fault);
                    w.WriteEndObject();
                }

                w.WriteEndArray();
            },
            string.IsNullOrEmpty(to) ? simulator.Record.Messages : simulator.Record.MessagesTo(to)
        );

    private byte[] Record() =>
        SimulatorJson.Of(
            static (w, record) =>
            {
                w.WriteStartObject();
                w.WriteNumber("calls"u8, record.Calls);
                w.WriteNumber("messages"u8, record.Messages.Count);
                w.WriteStartObject("errors"u8);
                foreach (var (code, count) in record.ErrorsByCode)
                {
                    w.WriteNumber(code.ToString(CultureInfo.InvariantCulture), count);
                }

                w.WriteEndObject();
                SimulatorJson.WriteArray(
                    w,
                    "doubts",
                    record.Doubts,
                    static (w, d) =>
                    {
                        w.WriteString("to"u8, d.To);
                        w.WriteString("message_id"u8, d.MessageId);
                        SimulatorJson.WriteFault(w, d.Fault);
                        w.WriteString("at"u8, d.At);
                    }
                );
                SimulatorJson.WriteArray(
                    w,
                    "webhook_posts",
                    record.Posts,
                    static (w, p) =>
                    {
                        w.WriteString("name"u8, p.Name);
                        w.WriteString("url"u8, p.Url.ToString());
                        w.WriteNumber("status"u8, p.Status);
                    }
                );
                w.WriteEndObject();
            },
            simulator.Record
        );

    private static byte[] Id(string id) =>
        SimulatorJson.Of(
            static (w, id) =>
            {
                w.WriteStartObject();
                w.WriteString("id"u8, id);
                w.WriteEndObject();
            },
            id
        );

    protected override string FrontPage() =>
        $$"""
            A WhatsApp Cloud API of your own. Nothing here leaves this machine.

            For a service:  WhatsApp__BaseUrl={{simulator.BaseAddress}}
                            WhatsApp__PhoneNumberId={{simulator.Options.PhoneNumberId}}  WhatsApp__AccessToken={{simulator.Options.AccessToken}}
                            WhatsApp__AppSecret={{simulator.Options.AppSecret}}  WhatsApp__VerifyToken={{simulator.Options.VerifyToken}}

            For you (JSON):
              POST   /sandbox/webhook                {"urls":["http://127.0.0.1:5080/webhooks/whatsapp"]}
              POST   /sandbox/people/{number}/text   {"text":"Hello"}, which opens their 24 hours; also /window, without a webhook;
                                                     with "user_id", of somebody who hides the number behind a username
              POST   /sandbox/people/{number}/number {"to":"79990001002"}: they change their number
              POST   /sandbox/people/{number}/refuse {"code":131047}: the next call to them is refused at once
              POST   /sandbox/people/{number}/fail   {"code":131026}: the next message is accepted and fails afterwards
              POST   /sandbox/messages/{id}/press    {"button":0}; also from, user_id
              POST   /sandbox/messages/{id}/status   {"status":"read"}, or "failed" with "code"
              GET    /sandbox/messages?to={number}   what arrived; without to, everything
              GET    /sandbox/record                 counts, errors, doubts, webhook posts; DELETE forgets
              POST   /sandbox/faults                 {"kind":"DropReply","next":1,"chat_id":79990001001}; GET lists, DELETE lifts
              POST   /sandbox/token/revoke           also restore

            """;
}
