using System.Collections.Concurrent;
using System.Globalization;
using Reminders.Lab.Simulation;

namespace Reminders.Lab.Telegram;

/// <summary>The bot as Telegram holds it: its chats, its queue, its limits. The parts of the simulator meet here.</summary>
internal sealed class SandboxBot : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IssuedPress> _presses = new();
    private readonly CancellationTokenSource _stop = new();
    private long _pressCount;
    private long _nextSetWebhookAt = long.MinValue;

    public SandboxBot(TelegramSimulatorOptions options, TimeProvider time)
    {
        Options = options;
        Time = time;
        Id =
            long.TryParse(options.Token.Split(':')[0], CultureInfo.InvariantCulture, out var id)
            && id > 0
            && TokenShape.IsWellFormed(options.Token)
                ? id
                : throw new ArgumentException($"The token \"{options.Token}\" must look like 123456:SANDBOX.", nameof(options));
        Json = new MessageJson(Id, Username);
        Chats = new ChatDirectory(options.AutoCreateChats);
        Record = new SimulatorRecord(Chats);
        Faults = new FaultPlan(options.Seed == 0 ? 1 : options.Seed, time: time);
        Flood = new FloodControl(options, time);

        // Room above for every update that could come: ids never wrap.
        var random = options.Seed == 0 ? Random.Shared : new Random(options.Seed);
        Updates = new UpdateQueue(time, random.Next(100_000_000, 1_000_000_000));
        Polling = new LongPolling(Updates, time);
        Webhook = new WebhookDelivery(Updates, time, options.WebhookTimeout, RunWebhookReplyAsync);
    }

    public const string Username = "sandbox_bot";

    public TelegramSimulatorOptions Options { get; }

    public TimeProvider Time { get; }

    public long Id { get; }

    public MessageJson Json { get; }

    public ChatDirectory Chats { get; }

    public SimulatorRecord Record { get; }

    public FaultPlan Faults { get; }

    public FloodControl Flood { get; }

    public UpdateQueue Updates { get; }

    public LongPolling Polling { get; }

    public WebhookDelivery Webhook { get; }

    public bool Revoked { get; set; }

    /// <summary>The commands as set, or null.</summary>
    public byte[]? Commands { get; set; }

    /// <summary>Cancelled when the simulator stops: lets go of calls that are never answered.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Queues an update, and once more if the fault plan repeats it.</summary>
    public List<int> Push(string type, byte[] payload, long orderKey, TimeSpan lifetime, long chatId, bool twice = false)
    {
        List<int> ids = [];
        var times = twice || Faults.RepeatsUpdate(chatId) ? 2 : 1;
        for (var i = 0; i < times; i++)
        {
            if (Updates.Push(type, payload, orderKey, lifetime) is > 0 and var id)
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    /// <summary>Opens the time in which a press may be answered, and names the press as Telegram does: the user in the upper
    /// half.</summary>
    public string IssuePress(long userId, long chatId, long messageId)
    {
        var now = Time.GetUtcNow();
        foreach (var (old, press) in _presses)
        {
            if (press.At + Options.CallbackAnswerWindow < now)
            {
                _presses.TryRemove(old, out _);
            }
        }

        // An odd factor permutes the lower half: distinct for four billion presses, and not countable by eye.
        var lower = unchecked((uint)Interlocked.Increment(ref _pressCount) * 2654435761u);
        var id = (((userId & 0x7FFFFFFF) << 32) | lower).ToString(CultureInfo.InvariantCulture);
        _presses[id] = new IssuedPress(chatId, messageId, now);
        return id;
    }

    /// <summary>The press, while it may be answered.</summary>
    public IssuedPress? FindPress(string id) =>
        _presses.TryGetValue(id, out var press) && press.At + Options.CallbackAnswerWindow >= Time.GetUtcNow() ? press : null;

    /// <summary>setWebhook more than once a second is a 429.</summary>
    public bool MaySetWebhook()
    {
        var now = Time.GetTimestamp();
        if (now < Interlocked.Read(ref _nextSetWebhookAt))
        {
            return false;
        }

        Interlocked.Exchange(ref _nextSetWebhookAt, now + Time.TimestampFrequency);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Polling.Dispose();
        await Webhook.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>A method in the answer to a webhook is carried out, and nobody learns how it went. Reading is not allowed there.</summary>
    private async Task RunWebhookReplyAsync(BotArguments arguments)
    {
        var name = arguments.Text("method"u8);
        if (
            name.StartsWith("get", StringComparison.OrdinalIgnoreCase)
            || name.ToLowerInvariant() is "deletewebhook" or "setwebhook" or "close" or "logout"
            || !BotMethods.TryGet(name, out var method)
        )
        {
            return;
        }

        Record.CountCall(method.Name);
        var reply = await method.Run(this, new BotCall(arguments, Hiding: null)).ConfigureAwait(false);
        if (!reply.IsOk)
        {
            Record.CountError(reply.Status);
        }
    }
}

internal sealed record IssuedPress(long ChatId, long MessageId, DateTimeOffset At);

/// <summary>What the front end takes for a token at all, before asking whether it is the right one.</summary>
internal static class TokenShape
{
    public static bool IsWellFormed(ReadOnlySpan<char> token)
    {
        var colon = token.IndexOf(':');
        return colon > 0
            && colon < token.Length - 1
            && token.Length <= 80
            && token[0] != '0'
            && !token[..colon].ContainsAnyExceptInRange('0', '9');
    }
}
