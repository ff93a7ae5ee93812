using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Inbound;
using Reminders.Telegram;
using Reminders.Web.Api;
using Reminders.Web.Limits;
using Reminders.Web.Problems;

namespace Reminders.Web.Webhooks;

/// <summary>
/// Where Telegram posts presses. The update is stored and answered at once; whatever it means is worked out afterwards, by any
/// node. Telegram repeats what is not answered with 2xx, and the store knows an update it has.
/// </summary>
internal static class TelegramWebhook
{
    public const string SecretHeader = "X-Telegram-Bot-Api-Secret-Token";

    private const int Limit = 1024 * 1024;

    /// <summary>Only in <see cref="TelegramMode.Webhook"/>: while nodes poll, nobody has business here, and it is a 404.</summary>
    public static void MapTelegramWebhook(this IEndpointRouteBuilder app)
    {
        foreach (var bot in app.ServiceProvider.GetServices<TelegramBot>().Where(bot => bot.Options.Mode == TelegramMode.Webhook))
        {
            // Each has a path and a secret of its own: what is posted to one is no other's.
            app.MapPost(
                    bot.Channel == TelegramChannel.Name ? "/telegram/webhook" : $"/telegram/{bot.Channel}/webhook",
                    (HttpContext context, UpdateStore store, SourceWatch sources, CancellationToken stop) =>
                        ReceiveAsync(bot, context, store, sources, stop)
                )
                .ExcludeFromDescription()
                .DisableAntiforgery()
                .WithRefusalLimit()
                .WithWorkLimit();
        }
    }

    private static async Task<IResult> ReceiveAsync(
        TelegramBot bot,
        HttpContext context,
        UpdateStore store,
        SourceWatch sources,
        CancellationToken stop
    )
    {
        if (!IsTelegram(context.Request, bot.Options.WebhookSecret!))
        {
            sources.Refused(bot.Channel, $"{SecretHeader} is missing or wrong");
            return TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized, detail: $"{SecretHeader} is missing or wrong.");
        }
        if (await RawBody.ReadAsync(context, Limit) is not { TooLong: false } body)
        {
            return RawBody.Refuse(Limit);
        }

        try
        {
            using var json = OutsideJson.Parse(body.Bytes);
            if (TelegramUpdateParser.ReadUpdateId(json.RootElement, out var id) is { } refused)
            {
                store.Refuse(bot.Channel, refused.ToString());
                return Refuse(refused.Field, refused.ToString());
            }
            await store.StoreAsync(bot.Channel, [new RawUpdate(id, json.RootElement.GetRawText()).ToInbound()], stop);
            sources.Accepted(bot.Channel);
            return TypedResults.Ok();
        }
        catch (JsonException exception)
        {
            return new WrongFieldsResult(WrongFields.Of("body", UnreadableJson.Problem(body.Bytes.Span, exception)));
        }
    }

    private static IResult Refuse(string field, string problem) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [problem] });

    private static bool IsTelegram(HttpRequest request, string secret) =>
        request.Headers[SecretHeader] is [{ } given] && SharedSecret.IsSame(given, secret);
}
