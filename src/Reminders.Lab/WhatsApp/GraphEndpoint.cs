using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.WhatsApp;

/// <summary><c>POST /v…/&lt;phone number id&gt;/messages</c>: who asks, what for, and what the fault plan makes of it.</summary>
internal sealed class GraphEndpoint(
    WhatsAppSimulator simulator,
    WhatsAppSimulatorOptions options,
    TimeProvider time,
    CancellationToken stopping
)
{
    /// <summary>The method that sends, for fault rules.</summary>
    public const string Method = "messages";

    /// <summary>The question about the phone number, for fault rules.</summary>
    public const string Number = "number";

    private readonly Lock _gate = new();
    private FloodBucket _throughput;

    public async Task HandleAsync(HttpContext http, string phoneNumberId)
    {
        simulator.Record.CountCall();
        var body = await SimulatorServer.ReadBodyAsync(http.Request.BodyReader).ConfigureAwait(false);
        if (simulator.Revoked || http.Request.Headers.Authorization != $"Bearer {options.AccessToken}")
        {
            await WriteAsync(http, GraphReply.Unauthorized()).ConfigureAwait(false);
            return;
        }

        if (phoneNumberId != options.PhoneNumberId)
        {
            await WriteAsync(http, GraphReply.UnknownNumber(phoneNumberId)).ConfigureAwait(false);
            return;
        }

        MessageForm form;
        try
        {
            using var json = JsonDocument.Parse(body);
            form = MessageForm.Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            await WriteAsync(http, GraphReply.Invalid(e.Message)).ConfigureAwait(false);
            return;
        }

        var fault = simulator.Faults.Decide(Method, long.Parse(form.To, CultureInfo.InvariantCulture));
        await new SpoiltCall<GraphReply>(http, fault, time, stopping)
        {
            Run = () => Task.FromResult(Accept(form, fault.Hiding)),
            Write = reply => WriteAsync(http, reply),
            Refuse = rule =>
            {
                http.Response.Headers.RetryAfter = rule.RetryAfter.ToString(CultureInfo.InvariantCulture);
                return WriteAsync(http, GraphReply.Throughput());
            },
            Doubt = (reply, kind) => simulator.Record.Add(new WhatsAppDoubt(form.To, reply?.MessageId, kind, time.GetUtcNow())),
            CountError = simulator.Record.CountError,
        }
            .PlayAsync()
            .ConfigureAwait(false);
    }

    /// <summary><c>GET /v…/&lt;phone number id&gt;</c>: whether the number is there and the token good. It changes nothing.</summary>
    public async Task LookAsync(HttpContext http, string phoneNumberId)
    {
        simulator.Record.CountCall();
        var answer =
            simulator.Revoked || http.Request.Headers.Authorization != $"Bearer {options.AccessToken}" ? GraphReply.Unauthorized()
            : phoneNumberId != options.PhoneNumberId ? GraphReply.UnknownNumber(phoneNumberId)
            : GraphReply.Number(phoneNumberId);
        await new SpoiltCall<GraphReply>(http, simulator.Faults.Decide(Number, 0), time, stopping)
        {
            Run = () => Task.FromResult(answer),
            Write = reply => WriteAsync(http, reply),
            Refuse = _ => WriteAsync(http, GraphReply.Throughput()),
            // Nothing was to be done, so nobody is left in doubt.
            Doubt = (_, _) => { },
            CountError = simulator.Record.CountError,
        }
            .PlayAsync()
            .ConfigureAwait(false);
    }

    private GraphReply Accept(MessageForm form, FaultKind? hiding)
    {
        var person = simulator.People.Of(form.To);
        if (person.NextRefusal() is { } code)
        {
            return GraphReply.Error(400, code, "Message failed to send", "As the sandbox was told to.");
        }

        if (options.EnforceWindow && form.NeedsWindow && !person.IsWindowOpen(time.GetUtcNow()))
        {
            return GraphReply.WindowClosed();
        }

        if (options.EnforceLimits)
        {
            lock (_gate)
            {
                if (options.PerSecond > 0 && _throughput.Take(time, options.PerSecond, (int)Math.Max(1, options.PerSecond)) > 0)
                {
                    return GraphReply.Throughput();
                }
            }

            if (!person.TakeTurn(time, options.PairInterval))
            {
                return GraphReply.PairLimit();
            }
        }

        return GraphReply.Accepted(form.To, simulator.Accept(form, person, hiding).Id);
    }

    private async Task WriteAsync(HttpContext http, GraphReply reply)
    {
        if (reply.Code != 0)
        {
            simulator.Record.CountError(reply.Code);
        }

        await SimulatorServer.WriteAsync(http, reply.Status, "application/json", reply.Body).ConfigureAwait(false);
    }
}
