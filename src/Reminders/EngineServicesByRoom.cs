using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Reminders.Bookings;
using Reminders.Channels;
using Reminders.Events;
using Reminders.Explain;
using Reminders.Failover;
using Reminders.Inbound;
using Reminders.Inbox;
using Reminders.Kinds;
using Reminders.Ledger;
using Reminders.Lists;
using Reminders.Notifications;
using Reminders.Outbox;
using Reminders.Outbox.Operators;
using Reminders.People;
using Reminders.Scheduling;
using Reminders.Settings;
using Reminders.Subjects;
using Reminders.Texts;
using Reminders.Zones;

namespace Reminders;

/// <summary>What each room brings.</summary>
internal static partial class EngineServices
{
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
}
