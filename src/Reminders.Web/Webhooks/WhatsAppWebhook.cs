using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Web.Api;
using Reminders.Web.Limits;
using Reminders.Web.Problems;
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
        foreach (var number in app.ServiceProvider.GetServices<WhatsAppNumber>().Where(number => number.Options.IsOn))
        {
            // Each has a path of its own: what is posted to one is no other's.
            var path = number.Channel == WhatsAppChannel.Name ? Path : $"{Path}/{number.Channel}";
            app.MapGet(path, (HttpRequest request, SourceWatch sources) => Verify(number, request, sources))
                .ExcludeFromDescription()
                .WithRefusalLimit();
            app.MapPost(
                    path,
                    (HttpContext context, UpdateStore store, SourceWatch sources, CancellationToken stop) =>
                        ReceiveAsync(number, context, store, sources, stop)
                )
                .ExcludeFromDescription()
                .DisableAntiforgery()
                .WithRefusalLimit()
                .WithWorkLimit();
        }
    }

    private static IResult Verify(WhatsAppNumber number, HttpRequest request, SourceWatch sources)
    {
        if (
            request.Query["hub.mode"] is not ["subscribe"]
            || request.Query["hub.verify_token"] is not [{ } token]
            || !SharedSecret.IsSame(token, number.Options.VerifyToken!)
        )
        {
            sources.Refused(number.Channel, $"hub.verify_token is not {number.Setting("VerifyToken")}");
            return TypedResults.Problem(
                statusCode: StatusCodes.Status403Forbidden,
                detail: $"hub.mode is not subscribe, or hub.verify_token is not {number.Setting("VerifyToken")}."
            );
        }
        return request.Query["hub.challenge"] is [{ Length: > 0 and <= MaxChallenge } challenge]
            ? TypedResults.Text(challenge, "text/plain", Encoding.UTF8)
            : Refuse("hub.challenge", $"hub.challenge should be 1 to {MaxChallenge} characters.");
    }

    private static async Task<IResult> ReceiveAsync(
        WhatsAppNumber number,
        HttpContext context,
        UpdateStore store,
        SourceWatch sources,
        CancellationToken stop
    )
    {
        if (await RawBody.ReadAsync(context, Limit) is not { TooLong: false } body)
        {
            return RawBody.Refuse(Limit);
        }

        if (!IsMeta(context.Request, body.Bytes.Span, number.Options.AppSecret!))
        {
            sources.Refused(number.Channel, $"{SignatureHeader} is missing or not made with {number.Setting("AppSecret")}");
            return TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized, detail: $"{SignatureHeader} is missing or wrong.");
        }
        try
        {
            using var json = OutsideJson.Parse(body.Bytes);
            var notification = WhatsAppNotification.Of(json.RootElement, number.Options.PhoneNumberId!);
            await store.StoreAsync(number.Channel, notification.Updates, stop);
            sources.Accepted(number.Channel);
            foreach (var refused in notification.Refused)
            {
                store.Refuse(number.Channel, $"{refused.Field} {refused.Problem}");
            }
            // What is refused stays so however often it comes. But a body of nothing else says that something is wrong.
            return notification is { Updates.Count: 0, Refused: [var first, ..] }
                ? Refuse(first.Field, $"{first.Field} {first.Problem}.")
                : TypedResults.Ok();
        }
        catch (JsonException exception)
        {
            return new WrongFieldsResult(WrongFields.Of("body", UnreadableJson.Problem(body.Bytes.Span, exception)));
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
