using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Mail;

/// <summary>The judge's eyes and the faults over HTTP, for <c>./dev sandbox</c>. JSON; errors are problem+json (RFC 9457).</summary>
internal sealed class MailControl(MailSink sink)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            var body = await new StreamReader(http.Request.Body).ReadToEndAsync().ConfigureAwait(false);
            var answer = Answer(http.Request.Method, http.Request.Path.Value!, http.Request.Query["to"].ToString(), body);
            await (
                answer switch
                {
                    string page => SimulatorServer.WriteAsync(http, 200, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(page)),
                    null => WriteAsync(http, 404, Problem(404, $"No {http.Request.Method} {http.Request.Path}. GET / says what there is.")),
                    _ => WriteAsync(http, 200, answer),
                }
            ).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            await WriteAsync(http, 400, Problem(400, e.Message)).ConfigureAwait(false);
        }
    }

    private object? Answer(string method, string path, string to, string body) =>
        (method.ToUpperInvariant(), path.TrimEnd('/')) switch
        {
            ("GET", "") => FrontPage(),
            ("GET", "/sandbox/mails") => to.Length == 0 ? sink.Record.Mails : sink.Record.MailsTo(to),
            ("GET", "/sandbox/record") => new
            {
                Mails = sink.Record.MailCount,
                sink.Record.Connections,
                sink.Record.Refusals,
                sink.Record.Doubts,
            },
            ("DELETE", "/sandbox/record") => Done(sink.Record.Clear),
            ("GET", "/sandbox/faults") => sink.Faults.Rules,
            ("POST", "/sandbox/faults") => Done(() =>
                sink.Faults.Add(JsonSerializer.Deserialize<MailFaultRule>(body, Json) ?? throw new JsonException("A rule is an object."))
            ),
            ("DELETE", "/sandbox/faults") => Done(sink.Faults.Clear),
            _ => null,
        };

    private static object Done(Action deed)
    {
        deed();
        return new { Ok = true };
    }

    private static object Problem(int status, string detail) =>
        new
        {
            Type = "about:blank",
            Title = status == 404 ? "Not found" : "Bad request",
            Status = status,
            Detail = detail,
        };

    private static Task WriteAsync(HttpContext http, int status, object answer) =>
        SimulatorServer.WriteAsync(
            http,
            status,
            status == 200 ? "application/json" : "application/problem+json",
            JsonSerializer.SerializeToUtf8Bytes(answer, Json)
        );

    private string FrontPage() =>
        $$"""
            A mail server of your own. Nothing here leaves this machine.

            For a sender:   127.0.0.1 port {{sink.Port}}   STARTTLS with the certificate {{sink.CertificateSha256}}

            For you (JSON):
              GET    /sandbox/mails?to=anna@example.org
              GET    /sandbox/record      counts and doubts; DELETE forgets all
              POST   /sandbox/faults      {"kind":"Cut","phase":"Dot","accepts":true,"next":1}
                     kind: {{string.Join(", ", Enum.GetNames<MailFaultKind>())}}
                     phase: {{string.Join(", ", Enum.GetNames<MailPhase>())}}
                     and: accepts, code, text, recipient, probability, next, delay ("00:00:01")
              GET    /sandbox/faults      DELETE lifts them all

            """;
}
