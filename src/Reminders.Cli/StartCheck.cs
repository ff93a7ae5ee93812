using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Cli.Serving;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Telegram;

namespace Reminders.Cli;

/// <summary>
/// Asks what a node stands on whether its settings open it, before anything starts: a wrong password or token is then one
/// line, and not a node that runs and does nothing.
/// </summary>
internal static class StartCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="NpgsqlException">The database cannot be used.</exception>
    /// <exception cref="SettingsException">Telegram refuses the token, or the address is not to be had.</exception>
    public static async Task RunAsync(IServiceProvider services, Announcer announcer, string urls, CancellationToken cancellationToken)
    {
        foreach (var url in urls.Split(';'))
        {
            CheckAddress(url);
        }

        await services.GetRequiredService<PoolingCheck>().RunAsync(cancellationToken);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Patience);
        await Task.WhenAll(services.GetServices<TelegramBot>().Select(bot => CheckAsync(bot, announcer, bound.Token)));
    }

    private static async Task CheckAsync(TelegramBot bot, Announcer announcer, CancellationToken cancellationToken)
    {
        var token = bot.Setting(nameof(TelegramOptions.BotToken));
        switch (await bot.Client.GetMeAsync(cancellationToken))
        {
            // A malformed token is 404 to Telegram's front end, a wrong or revoked one 401.
            case TelegramResult<BotUser>.Error { Code: 401 or 404 } refused:
                throw new SettingsException([
                    $"{token} was refused by {bot.Options.ApiBaseUrl.Host} ({refused.Code} {refused.Description}); it "
                        + "should be the bot's present token as @BotFather shows it (environment: "
                        + $"{token.Replace(":", "__", StringComparison.Ordinal)}).",
                ]);
            case TelegramResult<BotUser>.NotSent { Detail: var detail }:
                await announcer.WarnAsync(Silent(bot, detail));
                break;
            case TelegramResult<BotUser>.Unknown { Detail: var detail }:
                await announcer.WarnAsync(Silent(bot, detail));
                break;
        }
    }

    // The server would find out too, but only after everything else has started, and at the length of a stack trace.
    private static void CheckAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            var host =
                IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip
                : address.Host == "localhost" ? IPAddress.Loopback
                : IPAddress.Any;
            using var socket = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(host, address.Port));
        }
        catch (Exception exception) when (exception is FormatException or SocketException)
        {
            throw new SettingsException([
                $"--urls is '{url}' ({exception.Message.TrimEnd('.')}); it should be a free address of this machine, such as "
                    + "http://127.0.0.1:5080. Port 0 takes any free one.",
            ]);
        }
    }

    // An outage of Telegram's is no reason not to take bookings.
    private static string Silent(TelegramBot bot, string detail) =>
        $"Telegram does not answer at {bot.Options.ApiBaseUrl} ({detail}). If that is not its address, it is the setting "
        + $"{bot.Setting(nameof(TelegramOptions.ApiBaseUrl))}. The node starts and keeps trying.";
}
