using System.Globalization;
using Microsoft.AspNetCore.Http;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <summary>
/// <c>/bot&lt;token&gt;/&lt;method&gt;</c>: who asks, what for, and what the fault plan makes of it. Acceptance never depends on the
/// client still being there: nothing cancels a call once its body has been read.
/// </summary>
internal sealed class BotApiEndpoint(SandboxBot bot)
{
    private static readonly BotReply NotFound = BotReply.Error(404, "Not Found");
    private static readonly BotReply UnknownMethod = BotReply.Error(404, "Not Found: method not found");
    private static readonly BotReply Unauthorized = BotReply.Error(401, "Unauthorized");

    public async Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var slash = path.StartsWith("/bot", StringComparison.Ordinal) ? path.IndexOf('/', "/bot".Length) : -1;
        if (slash < 0 || !TokenShape.IsWellFormed(path.AsSpan(4, slash - 4)))
        {
            await WriteAsync(http, NotFound).ConfigureAwait(false);
            return;
        }

        if (bot.Revoked || !path.AsSpan(4, slash - 4).SequenceEqual(bot.Options.Token))
        {
            await WriteAsync(http, Unauthorized).ConfigureAwait(false);
            return;
        }

        var arguments = await ReadArgumentsAsync(http.Request).ConfigureAwait(false);
        var name = path.Length > slash + 1 ? path.AsMemory(slash + 1) : arguments.Text("method"u8).AsMemory();
        if (!BotMethods.TryGet(name.Span, out var method))
        {
            bot.Record.CountCall("");
            await WriteAsync(http, UnknownMethod).ConfigureAwait(false);
            return;
        }

        bot.Record.CountCall(method.Name);
        var chatId = arguments.Long("chat_id"u8);
        var fault = bot.Faults.Decide(method.Name, chatId);
        if (fault == default)
        {
            await WriteAsync(http, await method.Run(bot, new BotCall(arguments, null)).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        await SpoilAsync(http, method, arguments, chatId, fault).ConfigureAwait(false);
    }

    private Task SpoilAsync(HttpContext http, BotMethod method, BotArguments arguments, long chatId, FaultDecision fault) =>
        new SpoiltCall<BotReply>(http, fault, bot.Time, bot.Stopping)
        {
            Run = async () => await method.Run(bot, new BotCall(arguments, fault.Hiding)).ConfigureAwait(false),
            Write = reply => WriteAsync(http, reply),
            Refuse = rule =>
            {
                if (rule.PausesBot)
                {
                    bot.Flood.Pause(rule.RetryAfter);
                }

                return WriteAsync(http, BotReply.TooManyRequests(rule.RetryAfter));
            },
            Doubt = (reply, kind) =>
                bot.Record.Add(
                    new InjectedDoubt(method.Name, chatId, reply?.MessageId, reply is { IsOk: true }, kind, bot.Time.GetUtcNow())
                ),
            CountError = bot.Record.CountError,
        }.PlayAsync();

    private static async ValueTask<BotArguments> ReadArgumentsAsync(HttpRequest request)
    {
        var arguments = new BotArguments();
        if (request.QueryString.HasValue)
        {
            foreach (var (name, values) in request.Query)
            {
                arguments.Add(name, values[0] ?? "");
            }
        }

        var type = request.ContentType;
        if (type is not null && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            arguments.AddJson(await SimulatorServer.ReadBodyAsync(request.BodyReader).ConfigureAwait(false));
        }
        else if (request.HasFormContentType)
        {
            try
            {
                foreach (var (name, values) in await request.ReadFormAsync().ConfigureAwait(false))
                {
                    arguments.Add(name, values[0] ?? "");
                }
            }
            catch (InvalidDataException)
            {
                // A form that breaks off: what is missing is complained about, as with JSON.
            }
        }

        return arguments;
    }

    private async Task WriteAsync(HttpContext http, BotReply reply)
    {
        if (!reply.IsOk)
        {
            bot.Record.CountError(reply.Status);
        }

        if (reply.RetryAfter > 0)
        {
            http.Response.Headers.RetryAfter = reply.RetryAfter.ToString(CultureInfo.InvariantCulture);
        }

        await SimulatorServer.WriteAsync(http, reply.Status, "application/json", reply.Body).ConfigureAwait(false);
    }
}
