using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Hosting;
using Reminders.Inbound;
using Reminders.Outbox;
using Reminders.Settings;
using Reminders.Testing.Loops;
using Reminders.Testing.Stage;

namespace Reminders.Testing;

/// <summary>
/// The engine in a test of the app that embeds it: with the app's own registration, on a private database, with senders that only
/// record, under a clock that the test advances. Nothing runs by itself. Each call here returns when everything that is due
/// has been fired, sent and settled, so a test never waits.
/// </summary>
public sealed class ReminderTestHost : IAsyncDisposable
{
    private readonly TestCluster _cluster;
    private readonly IHost _host;
    private readonly NodeTurns _turns;
    private readonly string? _installation;
    private int _presses;
    private static int _bots;
    private bool _disposed;

    private ReminderTestHost(TestCluster cluster, IHost host, string? installation)
    {
        (_cluster, _host, _installation) = (cluster, host, installation);
        Engine = EngineOf(host, installation).Services;
        _turns = new(Engine, cluster.Post);
    }

    /// <summary>Starts an engine on a database of its own.</summary>
    /// <param name="configure">
    /// Registers the engine as the app does: <c>builder.Services.AddReminders(builder.Configuration).AddTelegram()</c>, with the app's own
    /// settings in the configuration. Its database and its bot's token are the test's, whatever they say.
    /// </param>
    /// <param name="options">When it begins, and on which server.</param>
    /// <exception cref="SettingsException">The app's settings are missing or wrong; every one is named.</exception>
    /// <exception cref="Postgres.LocalPostgresException">PostgreSQL is missing; the message says what to do.</exception>
    public static async Task<ReminderTestHost> StartAsync(Action<IHostApplicationBuilder> configure, ReminderTestOptions? options = null)
    {
        options ??= new();
        var cancellationToken = options.CancellationToken;
        var cluster = new TestCluster(await TestDatabase.NameAsync(options.Server, cancellationToken), cancellationToken);
        IHost? host = null;
        try
        {
            host = Build(cluster, configure, options.Installation);
            await cluster.Database.CreateAsync(
                EngineOf(host, options.Installation).Services.GetRequiredService<SchemaNames>(),
                cancellationToken
            );
            if (options.Now is { } now)
            {
                await cluster.Clock.BeginAtAsync(now, cancellationToken);
            }

            return await JoinAsync(cluster, host, options.Installation);
        }
        catch
        {
            if (host is IAsyncDisposable built)
            {
                await built.DisposeAsync();
            }

            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another node on the same database, as the cluster has it. They share the clock and what is recorded.</summary>
    public Task<ReminderTestHost> StartAnotherAsync(Action<IHostApplicationBuilder> configure) =>
        JoinAsync(_cluster, Build(_cluster, configure, _installation), _installation);

    /// <summary>What the app registered.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>What the engine is made of.</summary>
    internal IServiceProvider Engine { get; }

    /// <summary>To the private database, for tables of the app's own.</summary>
    public string ConnectionString => _cluster.Database.ConnectionString;

    /// <summary>What time it is. It goes on as real time does between two calls of <see cref="AdvanceAsync"/>.</summary>
    public DateTimeOffset Now => _cluster.Clock.GetUtcNow();

    /// <summary>Every message that was delivered, in order; edits are in <see cref="Edits"/>.</summary>
    public IReadOnlyList<SentMessage> Sent => [.. _cluster.Post.All.Where(IsSent)];

    /// <summary>Every change of a delivered message, in order.</summary>
    public IReadOnlyList<SentMessage> Edits => [.. _cluster.Post.All.Where(message => message is { IsEdit: true, IsDelivered: true })];

    /// <summary>Every try, with its outcome: also those that failed, and those that nobody knows about.</summary>
    public IReadOnlyList<SentMessage> Attempts => _cluster.Post.All;

    /// <summary>Runs one of the engine's commands, as a request would, and does what is then due.</summary>
    public async Task<T> SendAsync<T>(IRequest<T> command)
    {
        await using var scope = Engine.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(command, _cluster.Cancellation);
        await _cluster.SettleAsync();
        return result;
    }

    /// <summary>The same for a command that must not be refused.</summary>
    /// <returns>What it gave.</returns>
    /// <exception cref="ReminderAssertionException">It was refused; the message says why.</exception>
    public async Task<T> DoAsync<T>(IRequest<Outcome<T>> command) =>
        await SendAsync(command) switch
        {
            Outcome<T>.Done done => done.Value,
            Outcome<T>.Invalid invalid => throw new ReminderAssertionException(
                $"{command.GetType().Name} was refused: "
                    + string.Join(" ", invalid.Errors.Select(field => $"{field.Key} {string.Join(" ", field.Value)}"))
            ),
            var refused => throw new ReminderAssertionException($"{command.GetType().Name} was refused: {refused}"),
        };

    /// <summary>Does everything that is due now, after the app itself has changed something.</summary>
    public Task SettleAsync() => _cluster.SettleAsync();

    /// <summary>
    /// Lets time pass, for the database and every <see cref="TimeProvider"/>, from one due instant to the next: what falls due on
    /// the way is fired, sent and settled at its own time. It ends with a whole second, as due times are.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative: time goes forward only.</exception>
    public Task AdvanceAsync(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        return _cluster.AdvanceAsync(by);
    }

    /// <summary>The same until an instant; nothing passes where that is over.</summary>
    public Task AdvanceToAsync(DateTimeOffset instant) => _cluster.AdvanceToAsync(instant);

    /// <summary>The recipient presses a button of a message, which may have arrived although the sender did not hear of it.</summary>
    /// <param name="button">Its answer, such as <c>confirm</c>, or its label.</param>
    /// <returns>What they are told.</returns>
    /// <exception cref="ReminderAssertionException">The message has no such button.</exception>
    public async Task<string> PressAsync(SentMessage message, string button)
    {
        var data = message
            .Buttons.Where(one => one.Label == button || (ButtonData.TryParse(one.Data, out var action, out _) && action == button))
            .Select(one => one.Data)
            .FirstOrDefault();
        if (data is null)
        {
            throw new ReminderAssertionException($"There is no button '{button}' under: {message}");
        }

        var press = new Press(message.Channel, message.Address, data, message.ProviderMessageId, "en");
        return (await SendAsync(new RecordPress($"press{Interlocked.Increment(ref _presses)}", press))).Text;
    }

    /// <summary>The next message to somebody, or the next change of one, fares so. Said several times, the next several in turn.</summary>
    /// <param name="to">Their reference, name or address.</param>
    public void NextSend(string to, SendResult outcome) => _cluster.Post.Plan(to, outcome);

    /// <summary>Asserts that a message was delivered, and gives the first such that no assertion had before.</summary>
    /// <param name="to">The recipient's reference, name or address; null for anybody.</param>
    /// <param name="channel">Null for any.</param>
    /// <exception cref="ReminderAssertionException">It was not; the message lists what was.</exception>
    public SentMessage AssertSent(string kind, string? to = null, string? channel = null) =>
        _cluster.Post.Take(message => IsSent(message) && Is(message, kind, to, channel))
        ?? throw Failure($"{kind} was not sent{Whom(to, channel)}", message => !message.IsEdit);

    /// <summary>The same for the change of a delivered message.</summary>
    /// <inheritdoc cref="AssertSent"/>
    public SentMessage AssertEdited(string kind, string? to = null, string? channel = null) =>
        _cluster.Post.Take(message => message is { IsEdit: true, IsDelivered: true } && Is(message, kind, to, channel))
        ?? throw Failure($"{kind} was not edited{Whom(to, channel)}", message => message.IsEdit);

    /// <summary>Asserts that every delivered message was asserted by now. Changes of delivered messages do not count.</summary>
    /// <exception cref="ReminderAssertionException">Some were not; the message lists them.</exception>
    public void AssertNothingElseSent()
    {
        if (_cluster.Post.Untaken(IsSent) is { Count: > 0 } others)
        {
            throw new ReminderAssertionException($"{others.Count} more were sent:{List(others)}");
        }
    }

    /// <summary>Ends this node; with the last one the database goes away.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        var others = await _cluster.RemoveAsync(_turns);
        await ((IAsyncDisposable)_host).DisposeAsync();
        if (!others)
        {
            await _cluster.DisposeAsync();
        }
    }

    private static IHost Build(TestCluster cluster, Action<IHostApplicationBuilder> configure, string? installation)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<TimeProvider>(cluster.Clock);
        configure(builder);
        RemindersBuilder[] engines =
        [
            .. builder
                .Services.Select(service => service.IsKeyedService ? service.KeyedImplementationInstance : service.ImplementationInstance)
                .OfType<RemindersBuilder>(),
        ];
        if (!engines.Any(engine => engine.Installation.Value == (installation ?? "")))
        {
            throw new InvalidOperationException(
                $"AddReminders was not called{(installation is null ? "" : $" for '{installation}'")}: it should be, on builder.Services, "
                    + "as in the app. Which of several installations is tested, ReminderTestOptions.Installation says."
            );
        }

        // Said last, and so whatever the app's own settings say: no other database is touched, and no message goes anywhere. That holds for
        // each installation of the app's; there are tables for the one that is tested.
        foreach (var engine in engines)
        {
            engine.Set(nameof(RemindersOptions.ConnectionString), cluster.Database.ConnectionString);
            engine.Set(nameof(RemindersOptions.NodeName), cluster.NextNodeName());
            foreach (var bot in engine.ToCome.Where(channel => channel.Provider == ChannelNames.Chat))
            {
                var section = RemindersBuilder.SectionOf(bot, "Telegram");
                engine.Set($"{section}:BotToken", $"{Interlocked.Increment(ref _bots)}:reminders-testing");
            }

            engine.Services.AddSingleton<TimeProvider>(cluster.Clock);
            engine.AtLast(RecordedSenders.Replace);
        }

        // Built and not started: whatever the app and the engine run in the background stands still.
        return builder.Build();
    }

    private static RemindersEngine EngineOf(IHost host, string? installation) => host.Services.RequireEngine(installation, "the test");

    private static async Task<ReminderTestHost> JoinAsync(TestCluster cluster, IHost host, string? installation)
    {
        var node = new ReminderTestHost(cluster, host, installation);
        await cluster.AddAsync(node._turns, node.Engine);
        return node;
    }

    private static bool IsSent(SentMessage message) => message is { IsEdit: false, IsDelivered: true };

    private static bool Is(SentMessage message, string kind, string? to, string? channel) =>
        message.Kind == kind && message.IsTo(to) && (channel is null || message.Channel == channel);

    private static string Whom(string? to, string? channel) =>
        (to is null ? "" : $" to {to}") + (channel is null ? "" : $" over {channel}");

    private ReminderAssertionException Failure(string what, Func<SentMessage, bool> concerned)
    {
        SentMessage[] all = [.. _cluster.Post.All.Where(concerned)];
        return new(
            $"{what}, or was asserted before. It is {Now:yyyy-MM-dd HH:mm:ss}Z; {(all.Length == 0 ? "nothing" : "this")} was:{List(all)}"
        );
    }

    private static string List(IEnumerable<SentMessage> messages) =>
        string.Concat(messages.Select(message => $"{Environment.NewLine}  {message}"));
}
