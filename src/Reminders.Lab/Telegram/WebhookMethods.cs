using System.Buffers;
using System.Net;

namespace Reminders.Lab.Telegram;

/// <summary>setWebhook, deleteWebhook and getWebhookInfo.</summary>
internal static class WebhookMethods
{
    private const int DefaultConnections = 40;
    private static readonly SearchValues<char> SecretCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    );

    public static async Task<BotReply> SetAsync(SandboxBot bot, BotArguments arguments)
    {
        var url = arguments.Text("url"u8);
        if (url.Length == 0)
        {
            return await DeleteAsync(bot, arguments).ConfigureAwait(false);
        }

        if (!bot.MaySetWebhook())
        {
            return BotReply.TooManyRequests(1);
        }

        var target = new WebhookTarget(
            url,
            arguments.Text("secret_token"u8),
            arguments.Int("max_connections"u8, DefaultConnections, 1, 100)
        );
        var drop = arguments.Flag("drop_pending_updates"u8);
        if (target == bot.Webhook.Target && !drop)
        {
            bot.Updates.SetAllowed(arguments["allowed_updates"u8]);
            return BotReply.TrueBecause("Webhook is already set");
        }

        bot.Polling.End("Conflict: terminated by setWebhook request");
        if (drop)
        {
            bot.Updates.Clear();
        }

        var complaint = Complaint(bot, target);
        if (complaint.Length > 0)
        {
            // The former webhook is closed before the new one is looked at: a bad one leaves none.
            await bot.Webhook.SetAsync(null).ConfigureAwait(false);
            return BotReply.BadRequest(complaint);
        }

        bot.Updates.SetAllowed(arguments["allowed_updates"u8]);
        await bot.Webhook.SetAsync(target).ConfigureAwait(false);
        return BotReply.TrueBecause("Webhook was set");
    }

    public static async Task<BotReply> DeleteAsync(SandboxBot bot, BotArguments arguments)
    {
        var was = bot.Webhook.Target is not null;
        await bot.Webhook.SetAsync(null).ConfigureAwait(false);
        if (arguments.Flag("drop_pending_updates"u8))
        {
            bot.Updates.Clear();
        }

        return BotReply.TrueBecause(was ? "Webhook was deleted" : "Webhook is already deleted");
    }

    public static BotReply Info(SandboxBot bot) =>
        BotReply.Ok(
            static (w, bot) =>
            {
                var target = bot.Webhook.Target;
                w.WriteStartObject();
                w.WriteString("url"u8, target?.Url ?? "");
                w.WriteBoolean("has_custom_certificate"u8, false);
                w.WriteNumber("pending_update_count"u8, bot.Updates.Count);
                if (bot.Webhook.LastError is { } error)
                {
                    w.WriteNumber("last_error_date"u8, error.At.ToUnixTimeSeconds());
                    w.WriteString("last_error_message"u8, error.Message);
                }

                if (target is not null)
                {
                    w.WriteNumber("max_connections"u8, target.MaxConnections);
                    w.WriteString("ip_address"u8, IPAddress.TryParse(new Uri(target.Url).Host, out var ip) ? ip.ToString() : "<unknown>");
                }

                if (bot.Updates.Allowed is { } allowed)
                {
                    w.WriteStartArray("allowed_updates"u8);
                    foreach (var type in allowed)
                    {
                        w.WriteStringValue(type);
                    }

                    w.WriteEndArray();
                }

                w.WriteEndObject();
            },
            bot
        );

    private static string Complaint(SandboxBot bot, WebhookTarget target)
    {
        if (!Uri.TryCreate(target.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            return "invalid webhook URL specified";
        }

        if (target.Secret.Length > 256)
        {
            return "secret token is too long";
        }

        if (target.Secret.AsSpan().ContainsAnyExcept(SecretCharacters))
        {
            return "secret token contains unallowed characters";
        }

        return url.Scheme == "https" || bot.Options.AllowHttpWebhooks ? "" : "bad webhook: An HTTPS URL must be provided for webhook";
    }
}
