using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Reminders.Lab.Simulation;

/// <summary>
/// People's hands and the judge's eyes over HTTP, for tests in other languages and for <c>./dev sandbox</c>. Bodies are JSON;
/// errors are problem+json (RFC 9457).
/// </summary>
internal abstract class ControlSurface
{
    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            var path = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
            if (path.Length == 0 && HttpMethods.IsGet(http.Request.Method))
            {
                await SimulatorServer
                    .WriteAsync(http, 200, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(FrontPage()))
                    .ConfigureAwait(false);
                return;
            }

            if (path is not ["sandbox", .. var rest])
            {
                await WriteAsync(http, 404, SimulatorJson.Problem(404, "There is nothing here. GET / says what there is."))
                    .ConfigureAwait(false);
                return;
            }

            using var body = await ReadBodyAsync(http.Request).ConfigureAwait(false);
            var answer = await AnswerAsync(http.Request, rest, body.RootElement).ConfigureAwait(false);
            await (
                answer is null
                    ? WriteAsync(
                        http,
                        404,
                        SimulatorJson.Problem(404, $"No {http.Request.Method} {http.Request.Path}. GET / says what there is.")
                    )
                    : WriteAsync(http, 200, answer)
            ).ConfigureAwait(false);
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or ArgumentException
                        or FormatException
                        or InvalidOperationException
                        or OverflowException
                        or KeyNotFoundException
            )
        {
            await WriteAsync(http, 400, SimulatorJson.Problem(400, e.Message)).ConfigureAwait(false);
        }
    }

    /// <param name="path">What comes after <c>/sandbox/</c>.</param>
    /// <returns>Null when there is no such thing.</returns>
    protected abstract ValueTask<byte[]?> AnswerAsync(HttpRequest request, string[] path, JsonElement body);

    /// <summary>What there is, for a person.</summary>
    protected abstract string FrontPage();

    protected static byte[] Done(Action deed)
    {
        deed();
        return "{\"ok\":true}"u8.ToArray();
    }

    protected static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    protected static bool Flag(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static async Task<JsonDocument> ReadBodyAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer).ConfigureAwait(false);
        return JsonDocument.Parse(buffer.Length == 0 ? "{}"u8.ToArray() : buffer.ToArray());
    }

    private static Task WriteAsync(HttpContext http, int status, byte[] json) =>
        SimulatorServer.WriteAsync(http, status, status == 200 ? "application/json" : "application/problem+json", json);
}
