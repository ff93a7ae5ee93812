using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Reminders.Sandbox.Telegram;

/// <summary>
/// <c>/bot&lt;token&gt;/&lt;method&gt;</c>: who asks, what for, and what the fault plan makes of it. Acceptance never depends on the
/// client still being there: nothing cancels a call once its body has been read.
/// </summary>
internal sealed class BotApiEndpoint(SandboxBot bot)
{
    private static readonly BotReply s_notFound = BotReply.Error(404, "Not Found");
    private static readonly BotReply s_unknownMethod = BotReply.Error(404, "Not Found: method not found");
    private static readonly BotReply s_unauthorized = BotReply.Error(401, "Unauthorized");

    public async Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var slash = path.IndexOf('/', "/bot".Length);
        if (slash < 0 || !TokenShape.IsWellFormed(path.AsSpan(4, slash - 4)))
        {
            await WriteAsync(http, s_notFound).ConfigureAwait(false);
            return;
        }

        if (bot.Revoked || !path.AsSpan(4, slash - 4).SequenceEqual(bot.Options.Token))
        {
            await WriteAsync(http, s_unauthorized).ConfigureAwait(false);
            return;
        }

        var arguments = await ReadArgumentsAsync(http.Request).ConfigureAwait(false);
        var name = path.Length > slash + 1 ? path.AsMemory(slash + 1) : arguments.Text("method"u8).AsMemory();
        if (!BotMethods.TryGet(name.Span, out var method))
        {
            bot.Record.CountCall("");
            await WriteAsync(http, s_unknownMethod).ConfigureAwait(false);
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

    private async Task SpoilAsync(HttpContext http, BotMethod method, BotArguments arguments, long chatId, FaultDecision fault)
    {
        // Noted before the client can notice: whoever reacts to the broken call finds the doubt already there.
        void Doubt(BotReply? reply, FaultKind kind) => bot.Record.Add(new InjectedDoubt(
            method.Name, chatId, reply?.MessageId, reply is { IsOk: true }, kind, bot.Time.GetUtcNow()));

        switch (fault.Kind)
        {
            case FaultKind.CutBefore:
                Doubt(null, FaultKind.CutBefore);
                http.Abort();
                return;
            case FaultKind.BadGatewayBefore:
                Doubt(null, FaultKind.BadGatewayBefore);
                await WriteHtmlAsync(http, 502, "502 Bad Gateway").ConfigureAwait(false);
                return;
            case FaultKind.TooManyRequests:
                if (fault.Rule!.PausesBot)
                {
                    bot.Flood.Pause(fault.Rule.RetryAfter);
                }

                await WriteAsync(http, BotReply.TooManyRequests(fault.Rule.RetryAfter)).ConfigureAwait(false);
                return;
        }

        var reply = await method.Run(bot, new BotCall(arguments, fault.Hiding)).ConfigureAwait(false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, bot.Stopping);
        if (fault.Delay > TimeSpan.Zero && !await WaitAsync(fault.Delay, over.Token).ConfigureAwait(false))
        {
            Doubt(reply, fault.Kind ?? FaultKind.Delay);
            http.Abort();
            return;
        }

        if (fault.Hiding is { } hiding)
        {
            Doubt(reply, hiding);
        }

        switch (fault.Kind)
        {
            case FaultKind.DropReply:
                http.Abort();
                break;
            case FaultKind.BadGatewayAfter:
                await WriteHtmlAsync(http, 502, "502 Bad Gateway").ConfigureAwait(false);
                break;
            case FaultKind.HtmlAfter:
                await WriteHtmlAsync(http, 200, "Just a moment...").ConfigureAwait(false);
                break;
            case FaultKind.NeverAnswer:
                await WaitAsync(Timeout.InfiniteTimeSpan, over.Token).ConfigureAwait(false);
                http.Abort();
                break;
            default:
                await WriteAsync(http, reply).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>False when the client, or the simulator, was gone first.</summary>
    private async Task<bool> WaitAsync(TimeSpan delay, CancellationToken gone)
    {
        try
        {
            await Task.Delay(delay, bot.Time, gone).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

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
            arguments.AddJson(await ReadBodyAsync(request.BodyReader).ConfigureAwait(false));
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

    private static async ValueTask<byte[]> ReadBodyAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync().ConfigureAwait(false);
            if (read.IsCompleted)
            {
                var body = new byte[read.Buffer.Length];
                var left = body.AsSpan();
                foreach (var part in read.Buffer)
                {
                    part.Span.CopyTo(left);
                    left = left[part.Length..];
                }

                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
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

    private async Task WriteHtmlAsync(HttpContext http, int status, string title)
    {
        if (status != 200)
        {
            bot.Record.CountError(status);
        }

        await SimulatorServer.WriteAsync(http, status, "text/html", BotReply.Html(title)).ConfigureAwait(false);
    }
}
