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
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Commands;
using Reminders.Doctor;
using Reminders.Events;
using Reminders.Explain;
using Reminders.Failover;
using Reminders.Hosting;
using Reminders.Inbound;
using Reminders.Inbox;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Lists;
using Reminders.Nodes;
using Reminders.Notifications;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.People;
using Reminders.Reads;
using Reminders.Scheduling;
using Reminders.Settings;
using Reminders.Storage;
using Reminders.Storage.Schema;
using Reminders.Subjects;
using Reminders.Tallies;
using Reminders.Texts;
using Reminders.Zones;

namespace Reminders;

/// <summary>What the engine's container has in it, in the order in which it is put together.</summary>
internal static class EngineServices
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

    private static void AddPlanning(this IServiceCollection services, IConfiguration configuration, ChannelCatalog channels, bool planOnly)
    {
        var kinds = Checked(() =>
            KindCatalog.Read(configuration, channels, [.. services.Select(service => service.ImplementationInstance).OfType<KindInCode>()])
        );
        if (Bind<RemindersOptions>(configuration, section: null).PublicUrl is null)
        {
            Require(
                kinds
                    .Kinds.Values.Where(kind => kind.AnswerLink)
                    .Select(kind =>
                        $"PublicUrl is missing while Kinds:{kind.Name}:AnswerLink is true: it should be where "
                        + "people reach "
                        + "this service, such as https://reminders.example.com/."
                    )
            );
        }
        services.AddSingleton(provider =>
            kinds.ServedBy(
                // A node that only plans cannot know what the others serve.
                planOnly
                    ? channels.All.Select(channel => channel.Name)
                    : provider.GetServices<ServedChannel>().Select(channel => channel.Name),
                provider.GetRequiredService<ILogger<KindCatalog>>()
            )
        );
        services.AddSingleton<SuppressionMetrics>();
        services.AddSingleton<Planner>();
        services.AddSingleton<DirectDispatch>();
        services.AddSingleton<EventPlanner>();
        services.AddScoped<SubjectChanges>();
        services.AddScoped<BookingPeople>();
        services.AddScoped<BookingReader>();
        services.AddScoped<ProposedBookings>();
        services.AddScoped<SubjectLedger>();
        services.AddScoped<SurroundingsReader>();
        services.AddScoped<Explainer>();
        services.AddScoped<BookingReminders>();
        services.AddScoped<NotificationLedger>();
        services.AddScoped<IdentityPolicies>();
        services.AddScoped<RecipientDirectory>();
        services.AddSingleton<ZoneAgreement>();
        services.AddScoped<TextDesk>();
        services.AddScoped<SentTexts>();
        services.AddScoped<TextPress>();
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

    private static void AddLists(this IServiceCollection services)
    {
        services.AddScoped<BookingList>();
        services.AddScoped<PeopleList>();
        services.AddScoped<MessageList>();
        services.AddScoped<SuppressionList>();
    }

    private static void AddOutbox(this IServiceCollection services, IConfiguration configuration, ChannelCatalog channels)
    {
        var options = Checked(() =>
        {
            var defaults = OutboxOptions.For(channels);
            configuration.GetSection("Outbox").Bind(defaults);
            return defaults;
        });
        Require(options.Problems());
        services.AddSingleton(options);
        var failover = Bind<FailoverOptions>(configuration, "Failover");
        Require(failover.Problems());
        services.AddSingleton(failover);
        services.AddSingleton<FailoverGuard>();
        services.AddSingleton<SendMemory>();
        services.AddSingleton<IRecollection>(provider => provider.GetRequiredService<SendMemory>());
        services.AddSingleton<PutBackStore>();
        services.AddSingleton<IHolding, HoldAfterFailover>();
        services.AddHostedService<FailoverWatch>();
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<ChannelRest>();
        services.AddSingleton<OneByOne>();
        services.AddSingleton<MessageRenderer>();
        services.AddSingleton<DispatcherMetrics>();
        services.AddSingleton<LeaseReaper>();
        services.AddScoped<OperatorDesk>();
        services.AddScoped<HeldMessages>();
        services.AddScoped<HeldBulk>();
        services.AddScoped<ChannelDesk>();
        services.AddScoped<KindDesk>();
        services.AddScoped<BulkActions>();
    }

    private static void AddAnswers(this IServiceCollection services, IConfiguration configuration, bool planOnly)
    {
        services.AddSingleton(Checked(() => AnswerTexts.Read(configuration)));
        services.AddSingleton<UpdateMemory>();
        services.AddSingleton<IRecollection, UpdateRecollection>();
        services.AddSingleton<UpdateStore>();
        services.AddSingleton<SourceWatch>();
        services.AddScoped<UpdateInHand>();
        services.AddScoped<AnswerDesk>();
        services.AddScoped<PressedMessages>();
        services.AddScoped<AskedMessages>();
        services.AddScoped<AnswerReplies>();
        services.AddScoped<AnswerPages>();
        var questions = Bind<OpenQuestionsOptions>(configuration, "OpenQuestions");
        Require(questions.Problems());
        services.AddSingleton(questions);
        if (!planOnly)
        {
            services.AddHostedService<AnswerWorker>();
            services.AddHostedService<SourceKeeper>();
        }
    }

    private static void AddWebhook(this IServiceCollection services, IConfiguration configuration, bool planOnly)
    {
        var options = Bind<WebhookOptions>(configuration, "Webhook");
        Require(options.Problems());
        if (options.Url is null)
        {
            return;
        }

        services.AddSingleton(options);
        services.AddSingleton(new WebhookRole(Tells: !planOnly));
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<WebhookCall>();
        services.AddSingleton<Webhook>();
        services.AddHostedService(provider => provider.GetRequiredService<Webhook>());
    }

    private static void AddInbox(this IServiceCollection services, IConfiguration configuration)
    {
        var options = Bind<InboxOptions>(configuration, "Inbox");
        Require(options.Problems());
        services.AddSingleton(options);
        services.AddSingleton<InboxText>();
        services.AddScoped<InboxReader>();
        services.AddSingleton<InboxFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<InboxFeed>());
    }

    private static void AddScheduling(this IServiceCollection services, NodeName node, SchemaNames names, bool planOnly)
    {
        services.AddSingleton<Firing>();
        services.AddSingleton<TriggerBook>();
        services.AddHostedService(provider => provider.GetRequiredService<TriggerBook>());
        services.AddQuartzCluster(node, names, fires: !planOnly);
        services.AddSingleton<SchedulerWatch>();
        if (!planOnly)
        {
            services.AddHostedService<Reconciler>();
            services.AddHostedService<BulkRunner>();
            services.AddHostedService<ClockGuard>();
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
