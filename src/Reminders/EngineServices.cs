using System.Diagnostics.Metrics;
using System.Reflection;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Doctor;
using Reminders.Hosting;
using Reminders.Nodes;
using Reminders.Outbox;
using Reminders.Reads;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Storage.Schema;
using Reminders.Tallies;

namespace Reminders;

/// <summary>What the engine's container has in it, in the order in which it is put together.</summary>
internal static partial class EngineServices
{
    /// <summary>Everything a node does: plan, fire, deliver, take answers.</summary>
    /// <exception cref="SettingsException">Settings are missing or wrong; every one is named.</exception>
    internal static void AddEngine(this IServiceCollection services, RemindersBuilder builder, NodeName node, SchemaNames names)
    {
        var configuration = builder.Configuration;
        var known = builder.Catalog;
        services.AddSingleton(known);
        services.AddSingleton<BotProfile>();
        services.AddPlanning(configuration, known, builder.IsPlanOnly);
        services.AddCommands();
        services.AddLists();
        services.AddOutbox(configuration, known);
        services.AddAnswers(configuration, builder.IsPlanOnly);
        services.AddWebhook(configuration, builder.IsPlanOnly);
        services.AddInbox(configuration);
        services.AddScheduling(node, names, builder.IsPlanOnly);
        services.AddSingleton<DoctorRounds>();
    }

    /// <summary>The engine in a container that has nothing else: for tools and tests.</summary>
    internal static IServiceCollection AddEngine(
        this IServiceCollection services,
        IConfiguration settings,
        Action<RemindersBuilder> configure
    )
    {
        var builder = new RemindersBuilder(services, settings);
        configure(builder);
        builder.Complete();
        return services;
    }

    /// <summary>One sender and one dispatcher for each channel.</summary>
    /// <param name="make">Null: by its constructor.</param>
    internal static void AddSender<TSender>(this IServiceCollection services, string channel, Func<IServiceProvider, TSender>? make = null)
        where TSender : class, ISender
    {
        services.AddKeyedSingleton(
            channel,
            (provider, _) =>
            {
                var both = provider.GetService<AppServices>()?.Behind(provider) ?? provider;
                ISender sender = make is null ? ActivatorUtilities.CreateInstance<TSender>(both) : make(both);
                return sender.Channel == channel
                    ? sender
                    : throw new InvalidOperationException(
                        $"{typeof(TSender).Name} was added for the channel '{channel}' and says that it is '{sender.Channel}': its Channel "
                            + "should be the name of its traits."
                    );
            }
        );
        services.AddSingleton(new ServedChannel(channel));
        if (typeof(TSender).IsAssignableTo(typeof(IChannelProbe)))
        {
            services.AddSingleton<IProviderCheck>(provider => new ProbeCheck(
                channel,
                (IChannelProbe)provider.GetRequiredKeyedService<ISender>(channel)
            ));
        }

        // Not AddHostedService: it takes one service of a type, and so would leave a second channel without a dispatcher.
        services.AddSingleton<IHostedService>(provider =>
        {
            provider.GetRequiredService<Signals>().Outbox.TryAdd(channel, new Signal());
            return ActivatorUtilities.CreateInstance<Dispatcher>(provider, provider.GetRequiredKeyedService<ISender>(channel));
        });
    }

    /// <summary>The database alone: what migrating and looking need.</summary>
    internal static (NodeName Node, SchemaNames Names, string Place) AddRemindersStorage(
        this IServiceCollection services,
        IConfiguration configuration,
        InstallationName? installation = null
    )
    {
        var whose = installation ?? InstallationName.None;
        services.TryAddSingleton(whose);
        var options = Bind<RemindersOptions>(configuration, section: null);
        var perTransaction = options.Pooling == Pooling.Transaction;
        var application = whose.In(Connections.Application, " ");
        var pooled = new Connections("ConnectionString", options.ConnectionString, shared: perTransaction, application);
        Require(options.Problems());
        var direct = options.DirectConnectionString is { Length: > 0 } given
            ? new Connections("DirectConnectionString", given, shared: false, application)
            : null;
        services.AddSingleton(options);
        var node = new NodeName(options.NodeName);
        services.AddSingleton(node);
        var names = new SchemaNames(options.Schema, options.QuartzSchema);
        services.AddSingleton(names);
        services.TryAddSingleton(TimeProvider.System);
        // Loops and commands measure, and what each measures is its installation's.
        services.AddSingleton<IMeterFactory, OwnMeters>();
        services.AddMetrics();
        services.AddSingleton<DatabaseTrouble>();
        services.AddSingleton(provider => new Database(
            names,
            pooled,
            direct,
            perTransaction,
            provider.GetRequiredService<DatabaseTrouble>(),
            provider.GetRequiredService<ILoggerFactory>()
        ));
        services.AddSingleton<PoolingCheck>();
        services.AddHostedService(provider => provider.GetRequiredService<PoolingCheck>());
        services.AddSingleton<MigrationLock>();
        services.AddDbContext<RemindersDb>(
            (provider, db) =>
                db.UseNpgsql(
                        provider.GetRequiredService<Database>().Source,
                        // A booking has two parties with an address or two: one query is one round trip.
                        npgsql => npgsql.UseQuerySplittingBehavior(QuerySplittingBehavior.SingleQuery)
                    )
                    // Whoever asked gets the exception, and it is said there once; a read that met its bound is no error at all.
                    .ConfigureWarnings(warnings =>
                        warnings.Log((RelationalEventId.CommandError, LogLevel.Debug), (CoreEventId.QueryIterationFailed, LogLevel.Debug))
                    )
                    .ReplaceService<IModelCacheKeyFactory, RemindersDb.ModelPerSchema>()
        );
        services.AddSingleton<Migrator>();
        services.AddSingleton<SchemaCheck>();
        services.AddSingleton<Signals>();
        services.AddSingleton<Viewers>();
        services.AddSingleton<LeaderLease>();
        services.AddScoped<CommandTransaction>();
        services.AddScoped<AfterCommit>();
        services.AddScoped<Caller>();
        services.AddScoped<Audit>();
        services.AddScoped<OwnedNames>();
        services.AddScoped<AuditLog>();
        services.AddHostedService<MigrateAtStart>();
        var retention = Bind<RetentionOptions>(configuration, "Retention");
        Require(retention.Problems());
        services.AddSingleton(retention);
        services.AddSingleton<Retention>();
        services.AddHostedService(provider => provider.GetRequiredService<Retention>());
        services.AddSingleton<Tally>();
        services.AddHostedService(provider => provider.GetRequiredService<Tally>());
        services.AddSingleton<ClockWatch>();
        services.AddSingleton<LoopWatch>();
        services.AddSingleton<PutAsides>();
        services.AddSingleton<Outages>();
        services.AddHostedService<Heartbeat>();
        services.AddHostedService<Listener>();
        return (node, names, pooled.Place);
    }

    /// <summary>MediatR's handlers, each exactly once: registered twice, a handler would run twice.</summary>
    private static void AddCommands(this IServiceCollection services)
    {
        services.AddScoped<ServiceFactory>(provider => provider.GetRequiredService);
        services.AddScoped<IMediator, Mediator>();
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(TransactionBehaviour<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(IdempotencyBehaviour<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(RefusalBehaviour<,>));
        services.AddHandlers(typeof(EngineServices).Assembly);
    }

    /// <summary>The handlers of one assembly, which has the requests too.</summary>
    internal static void AddHandlers(this IServiceCollection services, Assembly assembly)
    {
        var handlers = assembly
            .GetTypes()
            .SelectMany(type => type.GetInterfaces(), (type, contract) => (type, contract))
            .Where(pair =>
                pair.contract is { IsGenericType: true } && pair.contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)
            )
            .ToLookup(pair => pair.contract, pair => pair.type);
        foreach (var handler in handlers)
        {
            if (handler.Skip(1).Any())
            {
                throw new InvalidOperationException(
                    $"{handler.Key.GetGenericArguments()[0].Name} has several "
                        + "handlers: "
                        + $"{string.Join(", ", handler.Select(type => type.Name))}."
                );
            }

            // Once, for however many channels an assembly has.
            services.TryAddScoped(handler.Key, handler.Single());
        }
    }

    internal static TOptions Bind<TOptions>(IConfiguration configuration, string? section)
        where TOptions : class, new()
    {
        var from = section is null ? configuration : configuration.GetSection(section);
        return Checked(() => from.Get<TOptions>() ?? new TOptions());
    }

    /// <summary>Turns the binder's exceptions, which name the key and the value, into settings problems.</summary>
    private static T Checked<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException exception)
        {
            throw new SettingsException(exception.Message.Split('\n'));
        }
    }

    internal static void Require(IEnumerable<string> problems)
    {
        if (problems.ToArray() is { Length: > 0 } found)
        {
            throw new SettingsException(found);
        }
    }
}
