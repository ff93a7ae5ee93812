using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Inbound;
using Reminders.Web.Api;
using Reminders.Web.Limits;
using Reminders.WhatsApp;

namespace Reminders.Web.Webhooks;

/// <summary>
/// Where Meta posts messages, presses and statuses, each of them often twice and nearly at once. What a body holds is stored
/// piece by piece and answered at once; whatever it means is worked out afterwards, by any node.
/// </summary>
internal static class WhatsAppWebhook
{
    public const string SignatureHeader = "X-Hub-Signature-256";

    private const string Path = "/webhooks/whatsapp";
    private const string Algorithm = "sha256=";

    // Meta's own limit is 3 MB.
    private const int Limit = 4 * 1024 * 1024;
    private const int MaxChallenge = 1024;

    /// <summary>Only when WhatsApp is set up; a 404 otherwise.</summary>
    public static void MapWhatsAppWebhook(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<WhatsAppOptions>() is not { IsOn: true })
        {
            return;
        }

        app.MapGet(Path, Verify).ExcludeFromDescription().WithRefusalLimit();
        app.MapPost(Path, ReceiveAsync).ExcludeFromDescription().DisableAntiforgery().WithRefusalLimit().WithWorkLimit();
    }

    private static IResult Verify(HttpRequest request, WhatsAppOptions options, SourceWatch sources)
    {
        if (
            request.Query["hub.mode"] is not ["subscribe"]
            || request.Query["hub.verify_token"] is not [{ } token]
            || !SharedSecret.IsSame(token, options.VerifyToken!)
        )
        {
            sources.Refused(WhatsAppChannel.Name, "hub.verify_token is not WhatsApp:VerifyToken");
            return TypedResults.Problem(
                statusCode: StatusCodes.Status403Forbidden,
                detail: "hub.mode is not subscribe, or hub.verify_token is not WhatsApp:VerifyToken."
            );
        }
        return request.Query["hub.challenge"] is [{ Length: > 0 and <= MaxChallenge } challenge]
            ? TypedResults.Text(challenge, "text/plain", Encoding.UTF8)
            : Refuse("hub.challenge", $"hub.challenge should be 1 to {MaxChallenge} characters.");
    }

    private static async Task<IResult> ReceiveAsync(
        HttpContext context,
        WhatsAppOptions options,
        UpdateStore store,
        SourceWatch sources,
        CancellationToken stop
    )
    {
        if (await RawBody.ReadAsync(context, Limit) is not { TooLong: false } body)
        {
            return RawBody.Refuse(Limit);
        }

        if (!IsMeta(context.Request, body.Bytes.Span, options.AppSecret!))
        {
            sources.Refused(WhatsAppChannel.Name, $"{SignatureHeader} is missing or not made with WhatsApp:AppSecret");
            return TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized, detail: $"{SignatureHeader} is missing or wrong.");
        }
        try
        {
            using var json = OutsideJson.Parse(body.Bytes);
            var notification = WhatsAppNotification.Of(json.RootElement, options.PhoneNumberId!);
            await store.StoreAsync(WhatsAppChannel.Name, notification.Updates, stop);
            sources.Accepted(WhatsAppChannel.Name);
            foreach (var refused in notification.Refused)
            {
                store.Refuse(WhatsAppChannel.Name, $"{refused.Field} {refused.Problem}");
            }
            // What is refused stays so however often it comes. But a body of nothing else says that something is wrong.
            return notification is { Updates.Count: 0, Refused: [var first, ..] }
                ? Refuse(first.Field, $"{first.Field} {first.Problem}.")
                : TypedResults.Ok();
        }
        catch (JsonException exception)
        {
            return Refuse("body", $"body is not JSON{UnreadableJson.Place(body.Bytes.Span, exception)}.");
        }
    }

    private static IResult Refuse(string field, string problem) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] });

    private static bool IsMeta(HttpRequest request, ReadOnlySpan<byte> body, string secret)
    {
        if (request.Headers[SignatureHeader] is not [{ } given] || !given.StartsWith(Algorithm, StringComparison.Ordinal))
        {
            return false;
        }

        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return given.Length == Algorithm.Length + 2 * signature.Length
            && Convert.FromHexString(given.AsSpan(Algorithm.Length), signature, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(signature, HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
    }
}
