using Npgsql;
using Reminders.Cli;
using Reminders.Commands;
using Reminders.Lab.Apps;
using Reminders.Lab.Mail;
using Reminders.Lab.Nodes;
using Reminders.Lab.Simulation;
using Reminders.Lab.Telegram;
using Reminders.Lab.WhatsApp;
using Reminders.Storage;
using Reminders.Testing.Postgres;
using Reminders.Web.Console.Accounts;
using Reminders.Web.Keys;

namespace Reminders.Lab.Demo;

/// <summary>
/// Everything the acts play on: a private PostgreSQL with a fresh database, a simulated Telegram with its limits on, a mail
/// server, a WhatsApp, and two nodes as processes of their own. Nothing of it outlives this object but PostgreSQL's data and the nodes'
/// logs.
/// </summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private const string DatabaseName = "demo";

    private readonly Stack<Func<ValueTask>> _undo = new();

    private readonly List<NodeProcess> _nodes = [];
    private Func<string, Task<NodeProcess>> _start = null!;

    public TelegramSimulator Telegram { get; private set; } = null!;

    public MailSink Mail { get; private set; } = null!;

    public WhatsAppSimulator WhatsApp { get; private set; } = null!;

    public string ConnectionString { get; private set; } = null!;

    /// <summary>For waiting and for what only the engine knows; what arrived is asked of <see cref="Telegram"/>.</summary>
    public NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary>The dead ones too.</summary>
    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    public DemoApi Api { get; private set; } = null!;

    /// <summary>For applications that are not the booking app.</summary>
    public EngineClient Engine { get; private set; } = null!;

    public string ApiKey { get; private set; } = null!;

    /// <summary>Makes the console's first account; null where there is one.</summary>
    public string? ConsoleCode { get; private set; }

    /// <summary>How long two nodes took to start: what this machine is good for at the moment.</summary>
    public TimeSpan Pace { get; private set; }

    public IEnumerable<NodeProcess> Alive => Nodes.Where(node => node.IsAlive);

    public static async Task<DemoStage> SetAsync(DemoOptions options, Narrator narrator, CancellationToken cancellationToken)
    {
        var stage = new DemoStage();
        try
        {
            stage.TakeTheFolder(options);
            await stage.StartTelegramAsync(options, narrator, cancellationToken);
            await stage.StartMailAsync(narrator, cancellationToken);
            await stage.StartWhatsAppAsync(narrator, cancellationToken);
            await stage.StartDatabaseAsync(options, narrator, cancellationToken);
            await stage.StartNodesAsync(options, narrator, cancellationToken);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_undo.TryPop(out var step))
        {
            await step();
        }
    }

    // The database is dropped and made anew, so two demos in one folder would pull it from under each other.
    private void TakeTheFolder(DemoOptions options)
    {
        Directory.CreateDirectory(options.Files);
        try
        {
            var taken = new FileStream(Path.Combine(options.Files, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            _undo.Push(taken.DisposeAsync);
        }
        catch (IOException)
        {
            throw new DemoException($"A demo is already up in {options.Files}: end that one first.");
        }
    }

    private async Task StartTelegramAsync(DemoOptions options, Narrator narrator, CancellationToken cancellationToken)
    {
        Telegram = await TelegramSimulator.StartAsync(new(), cancellationToken: cancellationToken);
        _undo.Push(Telegram.DisposeAsync);
        // As slow as the real one, so that a killed node leaves calls behind whose answers it never read.
        Telegram.Faults.Add(new(FaultKind.Delay) { Delay = TimeSpan.FromMilliseconds(400) });
        if (options.DropReplies > 0)
        {
            Telegram.Faults.Share(FaultKind.DropReply, options.DropReplies);
        }

        narrator.Good(
            $"A Telegram of our own listens on {Telegram.BaseAddress}, with Telegram's limits: 30 messages a second, 1 per chat."
                + (options.DropReplies > 0 ? $" It loses {options.DropReplies:P0} of its replies." : "")
        );
    }

    private async Task StartMailAsync(Narrator narrator, CancellationToken cancellationToken)
    {
        Mail = await MailSink.StartAsync(new(), cancellationToken: cancellationToken);
        _undo.Push(Mail.DisposeAsync);
        narrator.Good($"A mail server of our own takes everything on port {Mail.Port}.");
    }

    private async Task StartWhatsAppAsync(Narrator narrator, CancellationToken cancellationToken)
    {
        // The real one posts each webhook twice now and then; this one six times, nearly at once.
        WhatsApp = await WhatsAppSimulator.StartAsync(new() { Deliveries = 6 }, cancellationToken: cancellationToken);
        _undo.Push(WhatsApp.DisposeAsync);
        narrator.Good($"A WhatsApp of our own listens on {WhatsApp.BaseAddress}.");
    }

    private async Task StartDatabaseAsync(DemoOptions options, Narrator narrator, CancellationToken cancellationToken)
    {
        var postgres = await LocalPostgres.StartAsync(
            new() { DataDirectory = options.PostgresFolder, Log = narrator.Say },
            cancellationToken
        );
        _undo.Push(postgres.DisposeAsync);
        await postgres.DropDatabaseAsync(DatabaseName);
        ConnectionString = await postgres.CreateDatabaseAsync(DatabaseName);
        Database = NpgsqlDataSource.Create(ConnectionString + ";Maximum Pool Size=20");
        _undo.Push(Database.DisposeAsync);
        await Schema.MigrateAsync(ConnectionString, cancellationToken);
        narrator.Good($"A private PostgreSQL runs on port {postgres.Port}, with a fresh database \"{DatabaseName}\".");
    }

    private async Task StartNodesAsync(DemoOptions options, Narrator narrator, CancellationToken cancellationToken)
    {
        var settings = DemoSettings.For(this);
        var file = ProgramSettings.DemoFileIn(options.Folder);
        DemoSettings.Write(file, settings);
        _undo.Push(() =>
        {
            File.Delete(file);
            return ValueTask.CompletedTask;
        });
        await IssueKeyAsync(cancellationToken);
        var environment = DemoSettings.AsEnvironment(settings);
        _start = name => NodeProcess.StartAsync(name, environment, cancellationToken, options.Files);
        _undo.Push(async () => await Task.WhenAll(_nodes.Select(node => node.DisposeAsync().AsTask())));
        var began = narrator.Elapsed;
        await AddNodesAsync(narrator, "nodeA", "nodeB");
        Pace = narrator.Elapsed - began;
        Api = new(Nodes, ApiKey);
        Engine = new(() => [.. Alive.Select(node => node.Address)], ApiKey);
        _undo.Push(() =>
        {
            Api.Dispose();
            Engine.Dispose();
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>Puts a new node in the place of a dead one: the acts that follow are for two again.</summary>
    public Task ReplaceDeadAsync(Narrator narrator) =>
        Alive.Count() < 2 ? AddNodesAsync(narrator, $"node{(char)('A' + _nodes.Count)}") : Task.CompletedTask;

    private async Task AddNodesAsync(Narrator narrator, params string[] names)
    {
        var starting = names.Select(_start).ToArray();
        await Task.WhenAll(starting.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Those that are up are known first, so that one that failed leaves none behind.
        _nodes.AddRange(starting.Where(node => node.IsCompletedSuccessfully).Select(node => node.Result));
        await Task.WhenAll(starting);
        foreach (var node in _nodes.TakeLast(names.Length))
        {
            narrator.Good($"{node.Name} is up as process {node.Id}, on {node.Address}.");
        }
    }

    private async Task IssueKeyAsync(CancellationToken cancellationToken)
    {
        var made = await new ApiKeys(new Database(Database)).CreateAsync("demo", ApiRole.Operator, cancellationToken);
        ApiKey = ((Outcome<NewApiKey>.Done)made).Value.Key;
        ConsoleCode = await new ConsoleAccounts(new Database(Database)).FirstAsync(cancellationToken);
    }
}

/// <summary>The demo cannot go on, for a reason its user can do something about.</summary>
internal sealed class DemoException(string message) : Exception(message);
