using Microsoft.Extensions.Logging;
using Npgsql;
using Reminders.Settings;

namespace Reminders.Storage;

/// <summary>A connection string, made fit for the engine's work and for what stands between.</summary>
internal sealed class Connections
{
    /// <summary>What the server's sessions are called.</summary>
    public const string Application = "reminders";

    private const string Form =
        "it should be a PostgreSQL connection string such as Host=db;Username=reminders;Password=…;Database=reminders";

    // An exchange after a fail-over asks both hosts again when this is over: Npgsql's own is 10 s.
    private const int HostRecheckSeconds = 2;

    private readonly NpgsqlConnectionStringBuilder _builder;
    private readonly TargetSessionAttributes _target = TargetSessionAttributes.Primary;
    private readonly bool _shared;

    /// <param name="setting">The setting's name.</param>
    /// <param name="shared">Whether a session is another one for each transaction.</param>
    /// <param name="application">What its sessions are called, unless it says so itself.</param>
    /// <exception cref="SettingsException">It is missing or wrong.</exception>
    public Connections(string setting, string? given, bool shared, string application = Application)
    {
        if (string.IsNullOrWhiteSpace(given))
        {
            throw new SettingsException([$"{setting} is missing: {Form} (environment: {setting})."]);
        }

        (Setting, _shared) = (setting, shared);
        try
        {
            _builder = new NpgsqlConnectionStringBuilder(given);
        }
        catch (ArgumentException exception)
        {
            throw new SettingsException([$"{setting} cannot be read ({exception.Message}): {Form} (environment: {setting})."]);
        }
        if (string.IsNullOrEmpty(_builder.Host))
        {
            throw new SettingsException([$"{setting} names no Host: {Form} (environment: {setting})."]);
        }

        if (
            _builder.TargetSessionAttributes is { } attributes
            && !(
                TryParse(attributes, out _target)
                && _target is TargetSessionAttributes.Primary or TargetSessionAttributes.ReadWrite or TargetSessionAttributes.Any
            )
        )
        {
            throw new SettingsException([
                $"{setting} has Target Session Attributes={attributes}: it should be primary, because a node writes.",
            ]);
        }

        if (shared && _builder.MaxAutoPrepare > 0)
        {
            throw new SettingsException([
                $"{setting} has Max Auto Prepare={_builder.MaxAutoPrepare} and Pooling is Transaction, where a prepared "
                    + "statement meets another client's: it should be left out.",
            ]);
        }
        // The hot statements are few and always the same; prepared, they cost a third less. At their first use: planning one is dearer
        // than running it, and a pool hands out its connections in turn.
        if (!shared && !given.Contains("Auto Prepare", StringComparison.OrdinalIgnoreCase))
        {
            (_builder.MaxAutoPrepare, _builder.AutoPrepareMinUsages) = (100, 1);
        }

        _builder.ApplicationName ??= application;
        // A connection that only listens would never notice that its line is dead.
        if (_builder.KeepAlive == 0)
        {
            _builder.KeepAlive = 10;
        }
        // Three statements less per use of a pooled connection; nothing here leaves state on one that goes back.
        _builder.NoResetOnClose = true;
        if (Hosts > 1 && !_builder.ShouldSerialize("Host Recheck Seconds"))
        {
            _builder.HostRecheckSeconds = HostRecheckSeconds;
        }

        _builder.TargetSessionAttributes = null;
        // What the engine does by itself is no part of a TransactionScope that an app has open around a call.
        _builder.Enlist = false;
    }

    public string Setting { get; }

    /// <summary>Host and port, for those who read messages.</summary>
    public string Where => Hosts > 1 ? _builder.Host! : $"{_builder.Host}:{_builder.Port}";

    /// <summary>Which database that is, as far as the setting says.</summary>
    public string Place => $"{Where}/{_builder.Database ?? _builder.Username}";

    private int Hosts => _builder.Host!.Split(',').Length;

    /// <summary>A pool of connections to it, and what has to be disposed of with it.</summary>
    public (NpgsqlDataSource Source, IAsyncDisposable Owner) Build(DatabaseTrouble trouble, ILoggerFactory loggers)
    {
        var source = new NpgsqlDataSourceBuilder(_builder.ConnectionString);
        source.UseLoggerFactory(loggers);
        var settings = _shared ? null : SessionSettings.OfSession(_builder.Options);
        source.UsePhysicalConnectionInitializer(
            connection =>
            {
                trouble.Inspect(connection);
                if (settings is not null)
                {
                    SessionSettings.Set(connection, settings);
                }
            },
            async connection =>
            {
                await trouble.InspectAsync(connection);
                if (settings is not null)
                {
                    await SessionSettings.SetAsync(connection, settings);
                }
            }
        );
        if (Hosts == 1)
        {
            var one = source.Build();
            trouble.Watch(one);
            return (one, one);
        }
        // Build() refuses Target Session Attributes, and without them it would take a standby.
        var hosts = source.BuildMultiHost();
        trouble.Watch(hosts);
        return (hosts.WithTargetSession(_target), hosts);
    }

    /// <summary>A small pool beside the one that the work is done with, for people who look: they wait for each other, and not it for
    /// them.</summary>
    public (NpgsqlDataSource Source, IAsyncDisposable Owner) BuildBeside(
        string applicationName,
        int most,
        DatabaseTrouble trouble,
        ILoggerFactory loggers
    )
    {
        var beside = new Connections(Setting, _builder.ConnectionString, _shared);
        beside._builder.ApplicationName = applicationName;
        (beside._builder.MinPoolSize, beside._builder.MaxPoolSize) = (0, most);
        return beside.Build(trouble, loggers);
    }

    /// <summary>A connection of its own, outside the pool and with none of our settings, to look at who answers.</summary>
    public async Task<NpgsqlConnection> OpenBareAsync(CancellationToken cancellationToken)
    {
        var bare = new NpgsqlConnectionStringBuilder(_builder.ConnectionString)
        {
            Pooling = false,
            MaxAutoPrepare = 0,
            KeepAlive = 0,
        };
        if (Hosts > 1)
        {
            bare.TargetSessionAttributes = _target.ToString();
        }

        var connection = new NpgsqlConnection(bare.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static bool TryParse(string attributes, out TargetSessionAttributes target) =>
        Enum.TryParse(attributes.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out target);
}
