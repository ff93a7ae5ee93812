using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Reminders.Channels.Telegram;

namespace Reminders.Cli;

/// <summary>
/// Asks the two things a node stands on whether its settings open them, before anything starts: a wrong password or token is
/// then one line, and not a node that runs and does nothing.
/// </summary>
internal static class StartCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="NpgsqlException">The database cannot be used.</exception>
    /// <exception cref="SettingsException">Telegram refuses the token.</exception>
    public static async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        await using (await services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(cancellationToken))
        {
        }
        var options = services.GetRequiredService<TelegramOptions>();
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Patience);
        switch (await services.GetRequiredService<ITelegramClient>().GetMeAsync(bound.Token))
        {
            // A malformed token is 404 to Telegram's front end, a wrong or revoked one 401.
            case TelegramResult<BotUser>.Error { Code: 401 or 404 } refused:
                throw new SettingsException([
                    $"Telegram:BotToken was refused by {options.ApiBaseUrl.Host} ({refused.Code} {refused.Description}); it should be the bot's present token as @BotFather shows it (environment: Telegram__BotToken)."]);
            case TelegramResult<BotUser>.NotSent { Detail: var detail }:
                await WarnAsync(options, detail);
                break;
            case TelegramResult<BotUser>.Unknown { Detail: var detail }:
                await WarnAsync(options, detail);
                break;
        }
    }

    // An outage of Telegram's is no reason not to take bookings.
    private static Task WarnAsync(TelegramOptions options, string detail) => Console.Error.WriteLineAsync(
        $"Telegram does not answer at {options.ApiBaseUrl} ({detail}). If that is not its address, it is the setting Telegram:ApiBaseUrl. The node starts and keeps trying.");
}
