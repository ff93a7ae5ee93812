using System.Globalization;
using System.Text;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <summary>
/// A Telegram of one's own: the Bot API over HTTP on the loopback, the candidates behind it, and the judge who knows what
/// really arrived. See README.md beside this file for what it copies and what it cannot.
/// </summary>
public sealed class TelegramSimulator : IAsyncDisposable
{
    /// <summary>The chat that exists from the start.</summary>
    public const long FirstChatId = 1001;

    // Presses and messages of one person keep their order among themselves only (add_new_callback_query in the real server).
    private const long PressOrderKey = 3L << 33;
    private static readonly TimeSpan PressLifetime = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan MessageLifetime = TimeSpan.FromHours(24);

    private readonly SandboxBot _bot;
    private readonly SimulatorServer _server;
    private readonly bool _quiet;

    private TelegramSimulator(TelegramSimulatorOptions options, TimeProvider time)
    {
        _bot = new SandboxBot(options, time);
        _quiet = options.QuietLog;
        var botApi = new BotApiEndpoint(_bot);
        var control = new ControlEndpoint(this);
        _server = new SimulatorServer(
            options.Port,
            http =>
            {
                if (!_quiet)
                {
                    Console.Error.WriteLine($"{http.Request.Method} {http.Request.Path}");
                }

                // Only the front page and what is below /sandbox is not the Bot API's: a bot that asks for another path is told so in its
                // words.
                return http.Request.Path.Value is "/" || http.Request.Path.StartsWithSegments("/sandbox")
                    ? control.HandleAsync(http)
                    : botApi.HandleAsync(http);
            }
        );
        AddChat(FirstChatId);
    }

    /// <summary>Where a bot library's API address should point, for example <c>http://127.0.0.1:41234/</c>.</summary>
    public Uri BaseAddress { get; private set; } = null!;

    public string Token => _bot.Options.Token;

    public string BotUsername => SandboxBot.Username;

    public FaultPlan Faults => _bot.Faults;

    public SimulatorRecord Record => _bot.Record;

    /// <summary>Updates queued for the bot and not confirmed yet.</summary>
    public int PendingUpdates => _bot.Updates.Count;

    /// <param name="time">The clock of limits, dates, expiry and delays. Default: the system's.</param>
    public static async Task<TelegramSimulator> StartAsync(
        TelegramSimulatorOptions options,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var simulator = new TelegramSimulator(options, time ?? TimeProvider.System);
        try
        {
            simulator.BaseAddress = await simulator._server.StartAsync(cancellationToken).ConfigureAwait(false);
            return simulator;
        }
        catch
        {
            await simulator.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Someone who has pressed /start, or a group (negative id) the bot is in. A known chat becomes that again.</summary>
    public SimulatedChat AddChat(long chatId, string firstName = "Candidate", string languageCode = "en") =>
        _bot.Chats.Add(chatId, firstName, languageCode, ChatState.Started);

    /// <summary>Someone who never wrote to the bot.</summary>
    public void AddStranger(long chatId) => _bot.Chats.Add(chatId, "Stranger", "en", ChatState.NeverStarted);

    public void Block(long chatId) => Known(chatId).State = ChatState.Blocked;

    public void Unblock(long chatId) => Known(chatId).State = ChatState.Started;

    /// <summary>The person deletes their account.</summary>
    public void Deactivate(long chatId) => Known(chatId).State = ChatState.Deactivated;

    /// <summary>The group becomes a supergroup under another id, which is added; sends to the old one are told so.</summary>
    public void Migrate(long groupId, long supergroupId)
    {
        var group = Known(groupId);
        AddChat(supergroupId, group.FirstName);
        group.MigratedTo = supergroupId;
    }

    public SimulatedChat? FindChat(long chatId) => _bot.Chats.Find(chatId);

    /// <summary>
    /// The person presses a button, with any data: callback data can be forged. Under a message the bot's side does not know,
    /// the press carries a stub of it.
    /// </summary>
    /// <param name="times">So many separate presses, each with its own query id.</param>
    /// <param name="asTwoUpdates">Each press is queued twice, under two update_ids and one query id.</param>
    /// <param name="asUser">Who presses, in a group; default the chat's own person.</param>
    public PressOutcome Press(
        long chatId,
        long messageId,
        string callbackData,
        int times = 1,
        bool asTwoUpdates = false,
        long? asUser = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(callbackData);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        if (Encoding.UTF8.GetByteCount(callbackData) > 64)
        {
            throw new ArgumentException("Callback data has at most 64 bytes of UTF-8.", nameof(callbackData));
        }

        var chat = Known(chatId);
        if (chat.State is ChatState.Deactivated)
        {
            return new PressOutcome(false, $"The user of chat {chatId} is deactivated.", []);
        }

        var user = asUser ?? chatId;
        List<QueuedPress> presses = [];
        for (var i = 0; i < times; i++)
        {
            var id = _bot.IssuePress(user, chatId, messageId);
            byte[] payload;
            lock (chat.Gate)
            {
                payload = SimulatorJson.Of(
                    static (w, s) =>
                        s._bot.Json.WritePress(w, s.id, s.user, s._bot.Chats.Find(s.user), s.chat, s.messageId, s.callbackData),
                    (_bot, id, user, chat, messageId, callbackData)
                );
            }

            presses.Add(
                new QueuedPress(id, _bot.Push("callback_query", payload, user + PressOrderKey, PressLifetime, chatId, asTwoUpdates))
            );
        }

        return presses.Exists(p => p.UpdateIds.Count > 0)
            ? new PressOutcome(true, "Queued.", presses)
            : new PressOutcome(false, "The bot's allowed_updates leave callback_query out.", presses);
    }

    /// <summary>Presses a button the person sees now, counted from 0 row by row.</summary>
    public PressOutcome PressButton(
        long chatId,
        long messageId,
        int buttonIndex,
        int times = 1,
        bool asTwoUpdates = false,
        long? asUser = null
    )
    {
        if (Record.CurrentMessage(chatId, messageId) is not { } message)
        {
            return new PressOutcome(false, $"Chat {chatId} has no message {messageId} of the bot.", []);
        }

        if (buttonIndex < 0 || buttonIndex >= message.Buttons.Count)
        {
            return new PressOutcome(
                false,
                $"Message {messageId} has {message.Buttons.Count} buttons; there is no number {buttonIndex}.",
                []
            );
        }

        return message.Buttons[buttonIndex].Data is { } data
            ? Press(chatId, messageId, data, times, asTwoUpdates, asUser)
            : new PressOutcome(false, $"Button {buttonIndex} of message {messageId} carries no callback data.", []);
    }

    /// <summary>The person writes to the bot: adds an unknown chat, and starts or unblocks the bot as writing does.</summary>
    public void SendText(long chatId, string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var chat = FindChat(chatId) ?? AddChat(chatId);
        if (chat.State == ChatState.Deactivated)
        {
            throw new InvalidOperationException(
                $"The user of chat {chatId.ToString(CultureInfo.InvariantCulture)} is deactivated and writes no more."
            );
        }

        chat.State = ChatState.Started;
        var payload = SimulatorJson.Of(
            static (w, s) => MessageJson.WriteText(w, s.chat, s.Item2, s.text, s.Item4),
            (chat, _bot.Chats.NextMessageId(), text, _bot.Time.GetUtcNow())
        );
        _bot.Push("message", payload, chatId, MessageLifetime, chatId);
    }

    /// <summary>The owner revokes the token: every call is 401, a waiting getUpdates too.</summary>
    public void RevokeToken()
    {
        _bot.Revoked = true;
        _bot.Polling.End("", BotReply.Error(401, "Unauthorized"));
    }

    public void RestoreToken() => _bot.Revoked = false;

    public async ValueTask DisposeAsync()
    {
        await _bot.DisposeAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
    }

    private SimulatedChat Known(long chatId) =>
        FindChat(chatId) ?? throw new ArgumentException($"No chat {chatId} has been added.", nameof(chatId));
}
