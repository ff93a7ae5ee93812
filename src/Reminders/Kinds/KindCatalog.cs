using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Reminders.Channels;
using Reminders.Words;

namespace Reminders.Kinds;

/// <summary>The declared kinds, checked: every kind in here can be planned, rendered and sent.</summary>
public sealed partial class KindCatalog
{
    private static readonly string[] EditedTexts = ["moved", "cancelled"];

    private readonly Dictionary<string, KindDefinition> _kinds;

    private KindCatalog(Dictionary<string, KindDefinition> kinds, ChannelCatalog channels) => (_kinds, Channels) = (kinds, channels);

    /// <summary>What the kinds were held against.</summary>
    internal ChannelCatalog Channels { get; }

    /// <summary>Every kind, by name.</summary>
    public IReadOnlyDictionary<string, KindDefinition> Kinds => _kinds;

    /// <summary>Reads and checks the section <c>Kinds</c>.</summary>
    /// <param name="inCode">Those that the app declares; a section goes before it.</param>
    /// <param name="channels">What is known of the channels that kinds go over.</param>
    /// <exception cref="InvalidOperationException">Every setting that is wrong, one line each.</exception>
    internal static KindCatalog Read(IConfiguration configuration, ChannelCatalog channels, params IReadOnlyList<KindInCode> inCode)
    {
        var kinds = new Dictionary<string, KindDefinition>(StringComparer.Ordinal);
        var errors = new List<string>();
        var declared = inCode.ToDictionary(kind => kind.Name, kind => kind.Declare, StringComparer.Ordinal);
        var sections = configuration.GetSection("Kinds");
        foreach (var section in sections.GetChildren().Concat(declared.Keys.Select(sections.GetSection)).DistinctBy(one => one.Key))
        {
            try
            {
                var kind = new KindDefinition { Name = section.Key };
                if (declared.TryGetValue(kind.Name, out var declare))
                {
                    declare(kind);
                }

                section.Bind(kind);
                if (kind.Off)
                {
                    continue;
                }

                if (kind.Channels.Count == 0)
                {
                    kind.Channels.Add(ChannelNames.Chat);
                }

                KindAnswers.Complete(kind);
                kind.DeclaredTexts = kind.Templates;
                kinds[kind.Name] = kind;
                errors.AddRange(Problems(kind, channels));
                // The binder passes over a dictionary's value it cannot read: a misspelt policy would silently be the default.
                errors.AddRange(
                    from channel in section.GetSection(nameof(kind.Uncertain)).GetChildren()
                    where !kind.Uncertain.ContainsKey(channel.Key)
                    select $"{channel.Path} is '{channel.Value}': it must be {string.Join(" or ", Enum.GetNames<UncertainPolicy>())}."
                );
                errors.AddRange(KindAnswers.Unread(section, kind));
                foreach (var channel in kind.Channels)
                {
                    kind.Uncertain.TryAdd(channel, channels.Of(channel).Uncertain);
                }
            }
            catch (InvalidOperationException exception)
            {
                // The binder's own words name the key and the value it could not read.
                errors.Add(exception.InnerException is { } inner ? $"{exception.Message} ({inner.Message})" : exception.Message);
            }
        }
        errors.AddRange(
            kinds.Values.Where(kind => kind.After.Length > 0).Select(kind => FollowUps.ProblemOf(kind, kinds)).OfType<string>()
        );
        errors.AddRange(KindAnswers.Contradictions(kinds.Values));
        if (kinds.Count == 0)
        {
            errors.Add("Kinds: no kind is declared; the configuration should have at least one, as src/Reminders/kinds.json has.");
        }

        foreach (var same in kinds.Values.GroupBy(kind => kind.Subject, StringComparer.Ordinal))
        {
            string[] answered = [.. same.SelectMany(kind => kind.Answers.Values).Where(one => one.Closes).Select(one => one.Status)];
            foreach (var kind in same)
            {
                kind.AnsweredIn = answered;
            }
        }

        return errors.Count == 0 ? new KindCatalog(kinds, channels) : throw new InvalidOperationException(string.Join('\n', errors));
    }

    /// <summary>The same kinds, each with those of its channels that somebody serves; the inbox is the app itself.</summary>
    internal KindCatalog ServedBy(IEnumerable<string> senders, ILogger<KindCatalog> logger)
    {
        string[] served = [.. senders, ChannelNames.Inbox];
        foreach (var kind in _kinds.Values)
        {
            var declared = kind.Channels;
            kind.Channels = [.. declared.Intersect(served)];
            if (kind.Channels.Count == 0)
            {
                LogUnserved(logger, kind.Name, string.Join(", ", declared));
            }
        }
        return this;
    }

    [LoggerMessage(
        2102,
        LogLevel.Warning,
        "{Kind} goes over {Channels}, and none of that is configured here: what falls due of it waits for an address"
    )]
    private static partial void LogUnserved(ILogger logger, string kind, string channels);

    /// <summary>The kinds about a type of subject that <paramref name="on"/> plans.</summary>
    public IEnumerable<KindDefinition> PlannedOn(string subjectType, string on) =>
        _kinds.Values.Where(kind => kind.Subject == subjectType && kind.On == on && !kind.IsAskedFor);

    /// <summary>The answers that can be given about a type of subject, whichever kind asks: by hand there is no message.</summary>
    internal IReadOnlyDictionary<string, AnswerDefinition> AnswersAbout(string subjectType)
    {
        var declared = _kinds
            .Values.Where(kind => kind.Subject == subjectType)
            .SelectMany(kind => kind.Answers.Values)
            .DistinctBy(answer => answer.Key)
            .ToDictionary(answer => answer.Key, StringComparer.Ordinal);
        // A booking can be answered by phone though nothing asks, and so could whatever declares nothing.
        foreach (var key in declared.Count == 0 || subjectType == "booking" ? KindAnswers.Known : [])
        {
            declared.TryAdd(key, new() { Key = key });
        }

        return declared;
    }

    /// <summary>An answer to a message of a kind; null where the kind does not offer it any more.</summary>
    /// <remarks>Of a kind that is not declared here at all, what every kind may offer still counts: another node has it.</remarks>
    internal AnswerDefinition? Answer(string kindName, string key) =>
        Find(kindName) is { } kind
            ? kind.Answers.TryGetValue(key, out var offered)
                ? offered
                : null
            : KindAnswers.Known.Contains(key)
                ? new() { Key = key }
                : null;

    /// <summary>The kind of that name, or null when it is no longer declared.</summary>
    public KindDefinition? Find(string name) => _kinds.GetValueOrDefault(name);

    /// <summary>What is wrong with a kind's texts as they are, or would be: nothing else of it changes while a node runs.</summary>
    internal IReadOnlyList<Sentence> ProblemsOfTexts(KindDefinition kind) => [.. ProblemsOfTexts(kind, Channels)];

    private static IEnumerable<string> Problems(KindDefinition kind, ChannelCatalog channels)
    {
        var at = $"Kinds:{kind.Name}";
        if (!KindName().IsMatch(kind.Name))
        {
            yield return $"{at}: a kind's name is 1 to 64 capitals, digits and underscores.";
        }

        if (kind.Subject.Length == 0)
        {
            yield return $"{at}:Subject is missing: the type of subject the kind is about, for example \"booking\".";
        }

        foreach (var problem in kind.IsAskedFor ? ProblemsOfAskedFor(kind) : ProblemsOfPlanned(kind))
        {
            yield return $"{at}:{problem}";
        }

        if (kind.Before < TimeSpan.Zero || kind.Before > TimeSpan.FromDays(365))
        {
            yield return $"{at}:Before is {kind.Before}: it must be between 0 and 365 days.";
        }

        if (kind.UsefulUntilBefore < TimeSpan.Zero || kind.UsefulUntilBefore > (kind.Before ?? TimeSpan.MaxValue))
        {
            yield return $"{at}:UsefulUntilBefore is {kind.UsefulUntilBefore}: it must be between 0 and Before ({kind.Before}).";
        }

        if (kind.MinimumLead < kind.UsefulUntilBefore)
        {
            yield return $"{at}:MinimumLead is {kind.MinimumLead}: it must be at least UsefulUntilBefore ({kind.UsefulUntilBefore}).";
        }

        if (kind.Wait < TimeSpan.Zero || kind.Wait > TimeSpan.FromDays(365))
        {
            yield return $"{at}:Wait is {kind.Wait}: it must be between 0 and 365 days.";
        }
        else if (kind.Wait > TimeSpan.Zero && kind.After.Length == 0)
        {
            yield return $"{at}:Wait is {kind.Wait}, and After is missing: the kind after which it waits, for example CONFIRM_2H.";
        }

        if (kind.UsefulFor <= TimeSpan.Zero)
        {
            yield return $"{at}:UsefulFor is {kind.UsefulFor}: it must be positive.";
        }

        if (kind.FallBackAfter <= TimeSpan.Zero)
        {
            yield return $"{at}:FallBackAfter is {kind.FallBackAfter}: it must be positive; leave it out for never.";
        }

        if (kind.FallBackAfter is not null && (kind.Buttons.Count == 0 || kind.Channels.Count < 2))
        {
            yield return $"{at}:FallBackAfter is {kind.FallBackAfter}: it needs Buttons, to know of an answer, and a second "
                + "of Channels to fall back to.";
        }

        foreach (var problem in KindAnswers.Problems(kind, channels))
        {
            yield return $"{at}:{problem}";
        }

        if (kind.AnswerLink && kind.Buttons.Count == 0)
        {
            yield return $"{at}:AnswerLink is true: it needs Buttons, which the page shows.";
        }

        if (!Enum.IsDefined(kind.TooLong))
        {
            yield return $"{at}:TooLong is {kind.TooLong}: it must be {string.Join(", ", Enum.GetNames<TooLong>())}.";
        }

        foreach (var problem in ProblemsOfTexts(kind, channels))
        {
            yield return Wording.English.Of(problem);
        }
    }

    private static IEnumerable<Sentence> ProblemsOfTexts(KindDefinition kind, ChannelCatalog channels)
    {
        if (!kind.Templates.ContainsKey("en"))
        {
            yield return new("wrong.at", KindTextRules.Place(kind, "en"), new Sentence("wrong.text_english"));
        }

        string[] needed =
        [
            "text",
            .. kind.Answers.Values.Where(answer => answer.Closes && answer.ReplyText == answer.Status).Select(answer => answer.Status),
            .. kind.Buttons.Count > 0 ? EditedTexts : [],
            .. kind.Channels.Any(channel => channels.Of(channel).HasSubject) ? ["subject"] : Array.Empty<string>(),
            .. kind.Digest is null ? Array.Empty<string>() : ["digest"],
        ];
        foreach (var (locale, texts) in kind.Templates)
        {
            foreach (var name in needed.Where(name => !texts.ContainsKey(name)))
            {
                yield return new("wrong.at", KindTextRules.Place(kind, locale, name), new Sentence("wrong.text_missing"));
            }
        }

        foreach (var problem in KindAnswers.ProblemsOfTexts(kind, channels).Concat(KindTextRules.Problems(kind, channels)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> ProblemsOfPlanned(KindDefinition kind)
    {
        if (kind.To.Length == 0)
        {
            yield return "To is missing: the role it goes to, for example \"candidate\".";
        }

        if (kind.Data.Count > 0)
        {
            yield return "Data is for a kind without On: what a subject's change plans takes its data from the subject.";
        }

        if (kind.Digest is not null)
        {
            yield return "Digest is for a kind without On.";
        }
    }

    private static IEnumerable<string> ProblemsOfAskedFor(KindDefinition kind)
    {
        if (kind.To.Length > 0)
        {
            yield return $"On is missing, and To is {kind.To}: the status or event that plans the kind, for example "
                + "\"approved\". A kind that is asked for by name has neither.";
            yield break;
        }
        if (kind.Subject is "booking" or "person")
        {
            yield return $"Subject is {kind.Subject}, whose state the engine itself keeps: a kind that is asked for by name "
                + "(without On) is about something else.";
        }

        if (kind.Before is not null)
        {
            yield return $"Before is {kind.Before}: a kind that is asked for by name (without On) has a Delay.";
        }

        if (kind.Buttons.Count > 0)
        {
            yield return "Buttons are for a kind with On: an answer changes its subject.";
        }

        if (kind.Window <= TimeSpan.Zero || kind.Window > TimeSpan.FromDays(3660))
        {
            yield return $"Window is {kind.Window}: it must be positive, and at most ten years.";
        }

        if (kind.Delay < TimeSpan.Zero || kind.Delay > TimeSpan.FromDays(365))
        {
            yield return $"Delay is {kind.Delay}: it must be between 0 and 365 days.";
        }

        if (kind.Digest is { } digest && (digest < TimeSpan.FromSeconds(1) || digest > TimeSpan.FromDays(7)))
        {
            yield return $"Digest is {kind.Digest}: it must be between a second and 7 days.";
        }

        if (kind.Digest is not null && kind.EveryChannel && kind.Channels.Count(channel => channel != ChannelNames.Inbox) > 1)
        {
            yield return "Digest and EveryChannel go together only with one channel besides inbox.";
        }

        foreach (var name in kind.WindowBy.Where(name => !kind.Data.ContainsKey(name)))
        {
            yield return $"WindowBy has '{name}', which is not in Data.";
        }

        foreach (var (name, type) in kind.Data)
        {
            if (!DataName().IsMatch(name))
            {
                yield return $"Data:{name}: a name is 1 to 64 lower case letters, digits and underscores.";
            }

            if (!DeclaredData.Types.Contains(type.TrimEnd('?')))
            {
                yield return $"Data:{name} is '{type}': it must be one of {string.Join(", ", DeclaredData.Types)}, with a ? "
                    + "where it may be left out.";
            }
        }
    }

    [GeneratedRegex("^[a-z0-9_]{1,64}$")]
    private static partial Regex DataName();

    [GeneratedRegex("^[A-Z0-9_]{1,64}$")]
    private static partial Regex KindName();
}
