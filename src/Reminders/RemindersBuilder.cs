using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Reminders.Apps;
using Reminders.Channels;
using Reminders.Hosting;
using Reminders.Kinds;
using Reminders.Settings;
using Reminders.Texts;

namespace Reminders;

/// <summary>
/// What an app says of the engine it takes in: where its database is, what it sends over, which kinds there are. All of it
/// goes into a container of the engine's own; the app's has what it had.
/// </summary>
public sealed partial class RemindersBuilder
{
    private readonly ConfigurationManager _configuration = new();
    private readonly List<ChannelTraits> _channels = [];
    private readonly List<Action> _first = [];
    private readonly List<ChannelTraits> _toCome = [];
    private readonly List<Action> _senders = [];
    private readonly List<Action<IServiceCollection>> _last = [];

    /// <summary>Where the settings stand in the app's: what is wrong with them is said of that section.</summary>
    private readonly string _path;

    private bool _withShippedKinds;
    private bool _handlesAnswers;
    private bool _handlesEvents;
    private Installations _others = new();

    /// <summary>Whether this node leaves firing, sending and answers to others.</summary>
    internal bool IsPlanOnly { get; private set; }

    /// <param name="services">The engine's container.</param>
    /// <param name="settings">The engine's settings, and nothing else.</param>
    /// <param name="path">Of the app's section that they are.</param>
    /// <param name="withShippedKinds">Whether those are declared that ship with the engine.</param>
    /// <param name="installation">Whose it is, where the app has several.</param>
    internal RemindersBuilder(
        IServiceCollection services,
        IConfiguration settings,
        string path = "",
        bool withShippedKinds = false,
        InstallationName? installation = null
    )
    {
        (Services, _path, _withShippedKinds) = (services, path, withShippedKinds);
        Installation = installation ?? InstallationName.None;
        if (Installation.IsNamed)
        {
            // Below all else that is set.
            Set(nameof(RemindersOptions.Schema), Installation.Schema);
            Set(nameof(RemindersOptions.QuartzSchema), Installation.QuartzSchema);
        }

        _configuration.AddConfiguration(settings);
    }

    /// <summary>The engine's own container, where a channel adds what it needs. The app's services are not in here.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The engine's settings; a channel has a section of its own.</summary>
    public IConfiguration Configuration => _configuration;

    internal InstallationName Installation { get; }

    /// <summary>Those whose settings are read when the engine begins.</summary>
    internal IReadOnlyList<ChannelTraits> ToCome => _toCome;

    internal ChannelCatalog Catalog => new(_channels);

    /// <summary>The PostgreSQL 15 (or newer) database that the whole cluster shares; it may be the app's own.</summary>
    /// <param name="connectionString">As Npgsql takes it.</param>
    /// <param name="schema">Of the engine's tables. Another one is another installation.</param>
    /// <param name="quartzSchema">Of the scheduler's tables, one per installation.</param>
    public RemindersBuilder UsePostgres(string connectionString, string? schema = null, string? quartzSchema = null)
    {
        Set(nameof(RemindersOptions.ConnectionString), connectionString);
        if (schema is not null)
        {
            Set(nameof(RemindersOptions.Schema), schema);
        }

        if (quartzSchema is not null)
        {
            Set(nameof(RemindersOptions.QuartzSchema), quartzSchema);
        }

        return this;
    }

    /// <summary>
    /// A channel that kinds and addresses may name, though this installation cannot send there: a kind falls back to its next one.
    /// </summary>
    /// <exception cref="ArgumentException">The name is none, or is taken.</exception>
    public RemindersBuilder Add(ChannelTraits channel)
    {
        if (!Form().IsMatch(channel.Name))
        {
            throw new ArgumentException(
                $"'{channel.Name}' is no channel's name: it should be 1 to 32 lower case letters, digits, - and _.",
                nameof(channel)
            );
        }

        if (_channels.Exists(other => other.Name == channel.Name))
        {
            throw new ArgumentException($"The channel '{channel.Name}' is there already.", nameof(channel));
        }

        _channels.Add(channel);
        return this;
    }

    /// <summary>A channel that this installation sends over: every node gets a dispatcher for it.</summary>
    /// <typeparam name="TSender">Made once for each node, with what is in <see cref="Services"/>, else with the app's services.</typeparam>
    /// <exception cref="ArgumentException">The name is none, or is taken.</exception>
    public RemindersBuilder AddSender<TSender>(ChannelTraits channel)
        where TSender : class, ISender
    {
        Add(channel);
        _senders.Add(() => Services.AddSender<TSender>(channel.Name));
        return this;
    }

    /// <summary>
    /// The same for a sender that is made by the app, such as the second of a sort: each channel has one of its own, which says the
    /// channel's name.
    /// </summary>
    /// <param name="make">Given what is in <see cref="Services"/>, and else the app's services.</param>
    /// <inheritdoc cref="AddSender{TSender}(ChannelTraits)"/>
    public RemindersBuilder AddSender<TSender>(ChannelTraits channel, Func<IServiceProvider, TSender> make)
        where TSender : class, ISender
    {
        Add(channel);
        _senders.Add(() => Services.AddSender<TSender>(channel.Name, make));
        return this;
    }

    /// <summary>The app's part in answers. Several are called one after another, in one transaction.</summary>
    /// <typeparam name="THandler">A service of the app's, or made with its services, in a scope for each answer.</typeparam>
    public RemindersBuilder OnAnswer<THandler>()
        where THandler : class, IAnswerHandler
    {
        _handlesAnswers = true;
        Services.AddSingleton(new AddedHandler(typeof(THandler)));
        return this;
    }

    /// <summary>
    /// The app's part in what becomes of its reminders. Several are called one after another, in one transaction. Where nobody asks,
    /// nothing is written down for it.
    /// </summary>
    /// <param name="of">What it hears of; all there is, if left out. What it leaves out costs nothing.</param>
    /// <typeparam name="THandler">A service of the app's, or made with its services, in a scope for each event.</typeparam>
    public RemindersBuilder OnEvent<THandler>(params ReminderEventType[] of)
        where THandler : class, IEventHandler
    {
        _handlesEvents = true;
        Services.AddSingleton(new AddedEventHandler(typeof(THandler), of.Length == 0 ? Enum.GetValues<ReminderEventType>() : of));
        return this;
    }

    /// <summary>
    /// This node only plans: it takes what the app says, and leaves firing, sending and answers to the cluster's other nodes. Channels
    /// need no settings here. Its own triggers are stored all the same, and <see cref="OnAnswer{THandler}"/> and
    /// <see cref="OnEvent{THandler}"/> work.
    /// </summary>
    /// <param name="when">For an app whose processes share their code: <c>PlanOnly(role == "web")</c>.</param>
    public RemindersBuilder PlanOnly(bool when = true)
    {
        IsPlanOnly = when;
        return this;
    }

    /// <summary>A kind, declared in code. A section <c>Kinds:NAME</c> of the settings goes before it, setting by setting.</summary>
    /// <param name="name">Capitals, digits and underscores, at most 64.</param>
    public RemindersBuilder AddKind(string name, Action<KindDefinition> declare)
    {
        Services.AddSingleton(new KindInCode(name, declare));
        return this;
    }

    /// <summary>A source of texts of the app's own, which go before those that kinds declare. Several: the later goes before.</summary>
    /// <typeparam name="TTexts">Made once for each node, with what is in <see cref="Services"/>, else with the app's services.</typeparam>
    public RemindersBuilder UseTexts<TTexts>()
        where TTexts : class, ITexts
    {
        Services.AddSingleton<ITexts>(provider =>
            ActivatorUtilities.CreateInstance<TTexts>(provider.GetService<AppServices>()?.Behind(provider) ?? provider)
        );
        return this;
    }

    /// <summary>Leaves a kind out that ships with the engine.</summary>
    public RemindersBuilder WithoutKind(string name)
    {
        Set($"Kinds:{name}:{nameof(KindDefinition.Off)}", "true");
        return this;
    }

    /// <summary>Leaves all kinds out that ship with the engine: there are the app's own.</summary>
    public RemindersBuilder WithoutShippedKinds()
    {
        _withShippedKinds = false;
        return this;
    }

    /// <summary>A setting said in code, which goes before what the app's settings say.</summary>
    internal void Set(string key, string value) => _configuration.AddInMemoryCollection([new(key, value)]);

    /// <summary>All that is set in there.</summary>
    internal void Set(RemindersOptions options)
    {
        foreach (var property in typeof(RemindersOptions).GetProperties())
        {
            if (Convert.ToString(property.GetValue(options), CultureInfo.InvariantCulture) is { Length: > 0 } value)
            {
                Set(property.Name, value);
            }
        }
    }

    /// <summary>A section of the engine's settings, and then what the app's code says.</summary>
    /// <exception cref="SettingsException">A value cannot be read.</exception>
    internal TOptions Bind<TOptions>(string section, Action<TOptions>? configure = null)
        where TOptions : class, new()
    {
        var options = EngineServices.Bind<TOptions>(_configuration, section);
        configure?.Invoke(options);
        return options;
    }

    /// <summary>The section of a channel: of the provider's own name, or <c>Channels:NAME</c> where it is one of several.</summary>
    internal static string SectionOf(ChannelTraits channel, string usual) =>
        channel.Name == channel.Provider ? usual : $"Channels:{channel.Name}";

    /// <summary>What is wrong with the settings of one channel of several, said of its own section.</summary>
    internal static IEnumerable<string> SaidOf(string section, string usual, IEnumerable<string> problems) =>
        section == usual ? problems : problems.Select(problem => problem.Replace($"{usual}:", $"{section}:", StringComparison.Ordinal));

    /// <summary>A channel whose settings are read when all of them are said, which is when the engine begins.</summary>
    /// <param name="add">Reads them and adds it. Not called on a node that only plans, which needs to know of it and no more.</param>
    internal RemindersBuilder AddWhenRead(ChannelTraits channel, Action add)
    {
        _toCome.Add(channel);
        _first.Add(() =>
        {
            if (IsPlanOnly)
            {
                Add(channel);
            }
            else
            {
                add();
            }
        });
        return this;
    }

    /// <summary>What is to be done to the engine's container when all else is in it.</summary>
    internal void AtLast(Action<IServiceCollection> alter) => _last.Add(alter);

    /// <summary>What no other installation of this process, and no other channel of this one, may have as well.</summary>
    /// <param name="channel">Whose it is, in this installation; null for all of it.</param>
    /// <inheritdoc cref="Installations.Take"/>
    internal void Take(string what, string? channel, string setting, string remedy) =>
        _others.Take(
            what,
            channel is null ? Installation.Who
                : Installation.IsNamed ? $"the channel '{channel}' of {Installation.Who}"
                : $"the channel '{channel}'",
            setting,
            remedy
        );

    /// <summary>Fills the engine's container.</summary>
    /// <param name="others">What the other installations of the process have. Null: there are none.</param>
    /// <exception cref="SettingsException">Settings are missing or wrong; every one is named.</exception>
    internal void Complete(Installations? others = null)
    {
        _others = others ?? _others;
        try
        {
            Services.AddSingleton(Installation);
            // First, because what starts later stands on it.
            var (node, names, place) = Services.AddRemindersStorage(Configuration, Installation);
            Take(
                $"{place}/{names.Engine}",
                channel: null,
                $"Schema is '{names.Engine}' in the database {place}",
                "each installation needs a schema of its own, or a database of its own."
            );
            Services.AddHostedService<OwnSchema>();
            // Before the first sender: what was changed yesterday is what the first message says.
            Services.AddSingleton<StayBook>();
            Services.AddHostedService<LiveTexts>();
            foreach (var add in _first)
            {
                add();
            }

            foreach (var add in IsPlanOnly ? [] : _senders)
            {
                add();
            }

            if (_withShippedKinds)
            {
                AddShippedKinds();
            }

            Services.AddEngine(this, node, names);
            if (_handlesAnswers)
            {
                Services.AddHostedService<AnswerHandlers>();
            }

            if (_handlesEvents)
            {
                Services.AddHostedService<EventHandlers>();
            }
        }
        catch (SettingsException wrong)
        {
            throw InTheApp(wrong);
        }

        foreach (var alter in _last)
        {
            alter(Services);
        }
    }

    /// <summary>
    /// Below all else that is set. Those that go only where this app does not are left out, unless it says otherwise; a channel that
    /// others of them name besides is one that nobody can send over.
    /// </summary>
    private void AddShippedKinds()
    {
        bool IsHere(string channel) => channel == ChannelNames.Inbox || _channels.Exists(known => known.Name == channel);

        foreach (var (kind, channels) in ShippedKinds.Channels)
        {
            if (!channels.Any(IsHere) && !Configuration.GetSection($"Kinds:{kind}").Exists())
            {
                Set($"Kinds:{kind}:{nameof(KindDefinition.Off)}", "true");
            }
        }

        ShippedKinds.AddTo(_configuration);

        foreach (var channel in ShippedKinds.Channels.Values.SelectMany(names => names).Distinct().Where(name => !IsHere(name)).ToArray())
        {
            Add(new ChannelTraits(channel));
        }
    }

    private SettingsException InTheApp(SettingsException wrong) =>
        _path.Length == 0
            ? wrong
            : new([
                .. wrong.Problems.Select(problem =>
                    BeginsWithKey()
                        .Replace(problem, $"{_path}:$0")
                        .Replace(
                            "environment: ",
                            $"environment: {_path.Replace(":", "__", StringComparison.Ordinal)}__",
                            StringComparison.Ordinal
                        )
                ),
            ]);

    [GeneratedRegex(@"\A(?!inbox\z)[a-z0-9_-]{1,32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    // Every problem begins with the setting that it is about; the binder's own words have it in quotes.
    [GeneratedRegex(@"\A[A-Z]\w*(?=[: ])|(?<=configuration value .* at ')(?=[A-Z])", RegexOptions.CultureInvariant)]
    private static partial Regex BeginsWithKey();
}
