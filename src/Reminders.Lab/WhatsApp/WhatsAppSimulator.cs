using Reminders.Lab.Simulation;

namespace Reminders.Lab.WhatsApp;

/// <summary>
/// A Cloud API of one's own over HTTP on the loopback, the people behind it, and the judge who knows what really arrived. See
/// README.md beside this file for what it copies and what it cannot.
/// </summary>
public sealed class WhatsAppSimulator : IAsyncDisposable
{
    private readonly WhatsAppSimulatorOptions _options;
    private readonly TimeProvider _time;
    private readonly SimulatorServer _server;
    private readonly WebhookPoster _webhook;
    private readonly CancellationTokenSource _stop = new();
    private long _lastId;

    private WhatsAppSimulator(WhatsAppSimulatorOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        Faults = new FaultPlan(options.Seed == 0 ? 1 : options.Seed, GraphEndpoint.Method, _time);
        _webhook = new WebhookPoster(options, Record, time);
        var graph = new GraphEndpoint(this, options, time, _stop.Token);
        var control = new WhatsAppControl(this);
        _server = new SimulatorServer(
            options.Port,
            http =>
            {
                if (!options.QuietLog)
                {
                    Console.Error.WriteLine($"{http.Request.Method} {http.Request.Path}");
                }

                return (http.Request.Method, http.Request.Path.Value!.Split('/')) switch
                {
                    ("POST", ["", ['v', ..], var number, GraphEndpoint.Method]) => graph.HandleAsync(http, number),
                    ("GET", ["", ['v', ..], var number]) => graph.LookAsync(http, number),
                    _ => control.HandleAsync(http),
                };
            }
        );
    }

    /// <summary>What <c>WhatsApp:BaseUrl</c> should be, its version included.</summary>
    public Uri BaseAddress { get; private set; } = null!;

    public WhatsAppSimulatorOptions Options => _options;

    /// <summary>What the section <c>WhatsApp</c> of a sender and of its webhook should say.</summary>
    public IReadOnlyDictionary<string, string> SenderSettings =>
        new Dictionary<string, string>
        {
            ["BaseUrl"] = BaseAddress.ToString(),
            ["PhoneNumberId"] = _options.PhoneNumberId,
            ["AccessToken"] = _options.AccessToken,
            ["AppSecret"] = _options.AppSecret,
            ["VerifyToken"] = _options.VerifyToken,
        };

    public FaultPlan Faults { get; }

    public WhatsAppRecord Record { get; } = new();

    internal People People { get; } = new();

    internal bool Revoked { get; private set; }

    /// <param name="time">The clock of limits, windows, dates and delays. Default: the system's.</param>
    public static async Task<WhatsAppSimulator> StartAsync(
        WhatsAppSimulatorOptions options,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var simulator = new WhatsAppSimulator(options, time ?? TimeProvider.System);
        try
        {
            simulator.BaseAddress = new Uri(await simulator._server.StartAsync(cancellationToken).ConfigureAwait(false), "v23.0");
            return simulator;
        }
        catch
        {
            await simulator.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Verifies the webhook and posts to it from then on; several take turns, as behind a load balancer.</summary>
    /// <exception cref="InvalidOperationException">A webhook did not repeat the challenge.</exception>
    public Task SetWebhookAsync(params Uri[] urls) => _webhook.SetAsync(urls, _stop.Token);

    /// <summary>The person writes, which opens their window for 24 hours.</summary>
    /// <returns>The message's wamid.</returns>
    /// <param name="userId">Of a person who has a username: told in place of the number.</param>
    public string SendText(string from, string text, string? userId = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return Receive(from, (number, id, at) => WebhookEvents.Text(_options.PhoneNumberId, number, userId, id, text, at));
    }

    /// <summary>The person takes their account to another number, and the webhook is told.</summary>
    /// <returns>The wamid of the notice.</returns>
    public string ChangeNumber(string from, string to) =>
        Receive(from, (number, id, at) => WebhookEvents.NumberChanged(_options.PhoneNumberId, number, id, People.Of(to).Number, at));

    /// <summary>The next call to send to this number is refused with this code, at once.</summary>
    public void RefuseNext(string number, int code) => People.Of(number).RefuseNext(code);

    /// <summary>The person writes without a webhook being told, as if it had been long ago in this window.</summary>
    public void OpenWindow(string number) => People.Of(number).Wrote(_time.GetUtcNow());

    /// <summary>The person presses a button of a message they have, counted from 0.</summary>
    /// <param name="from">Who presses; default the one it was sent to. A webhook may say anything.</param>
    /// <returns>The wamid of the press.</returns>
    /// <param name="userId">Of a person who has a username: told in place of the number.</param>
    public string Press(string messageId, int button, string? from = null, string? userId = null)
    {
        var message = Known(messageId);
        if (button < 0 || button >= message.Buttons.Count)
        {
            throw new ArgumentException(
                $"Message {messageId} has {message.Buttons.Count} buttons; there is no number {button}.",
                nameof(button)
            );
        }

        return Receive(
            from ?? message.To,
            (number, id, at) => WebhookEvents.Press(_options.PhoneNumberId, number, userId, id, message, message.Buttons[button], at)
        );
    }

    /// <summary>Tells of a message once more, or anew: <c>sent</c>, <c>delivered</c>, <c>read</c>, or <c>failed</c> with a code.</summary>
    public void Tell(string messageId, string status, int? failure = null)
    {
        var message = Known(messageId);
        _webhook.Start(_ => PostStatusAsync(message, status, failure));
    }

    /// <summary>The next message to this number is accepted, and fails afterwards with this code in place of its statuses.</summary>
    public void FailLater(string number, int code) => People.Of(number).FailLater(code);

    /// <summary>Every call is 401 with code 190.</summary>
    public void RevokeToken() => Revoked = true;

    public void RestoreToken() => Revoked = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _webhook.DisposeAsync().ConfigureAwait(false);
        await _server.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    internal WhatsAppMessage Accept(MessageForm form, Person person, FaultKind? hiding)
    {
        var message = new WhatsAppMessage(NextId(), form.To, form.Type, form.Text, form.Buttons, form.Reference, _time.GetUtcNow(), hiding);
        Record.Add(message);
        var failure = person.NextFailure();
        _webhook.Start(stopping => TellAllAsync(message, failure, stopping));
        return message;
    }

    private async Task TellAllAsync(WhatsAppMessage message, int? failure, CancellationToken stopping)
    {
        if (_options.StatusDelay > TimeSpan.Zero)
        {
            await Task.Delay(_options.StatusDelay, _time, stopping).ConfigureAwait(false);
        }

        if (failure is not null)
        {
            await PostStatusAsync(message, "failed", failure).ConfigureAwait(false);
        }
        else if (_options.InOrder)
        {
            foreach (var status in _options.Statuses)
            {
                await PostStatusAsync(message, status, null).ConfigureAwait(false);
            }
        }
        else
        {
            await Task.WhenAll(_options.Statuses.Reverse().Select(status => PostStatusAsync(message, status, null))).ConfigureAwait(false);
        }
    }

    private Task PostStatusAsync(WhatsAppMessage message, string status, int? failure) =>
        _webhook.PostAsync(
            $"{message.Id}:{status}",
            WebhookEvents.Status(_options.PhoneNumberId, message, status, failure, _time.GetUtcNow())
        );

    private string Receive(string from, Func<string, string, DateTimeOffset, byte[]> write)
    {
        var person = People.Of(from);
        var (id, now) = (NextId(), _time.GetUtcNow());
        person.Wrote(now);
        var body = write(person.Number, id, now);
        _webhook.Start(_ => _webhook.PostAsync(id, body));
        return id;
    }

    private WhatsAppMessage Known(string messageId) =>
        Record.Find(messageId) ?? throw new ArgumentException($"No message {messageId} was accepted.", nameof(messageId));

    private string NextId() => $"wamid.SANDBOX{Interlocked.Increment(ref _lastId):D8}";
}
