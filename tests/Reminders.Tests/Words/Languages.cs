using System.Text.RegularExpressions;
using Reminders.Inbound;
using Reminders.Outbox;
using Reminders.Storage.Schema;
using Reminders.Tests.Architecture;
using Reminders.Words;

namespace Reminders.Tests.Words;

/// <summary>Both languages have words for whatever there is to say, for the same values, and none that nobody says.</summary>
public sealed partial class Languages
{
    /// <summary>Those that an answer over HTTP may have that is no success.</summary>
    private static readonly int[] Statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 426, 429, 500, 503];

    /// <summary>Words that are looked up by a value, and not by a sentence's code in the sources: the group, and what may be in it.</summary>
    private static readonly Dictionary<string, IEnumerable<string>> Groups = new()
    {
        ["reason"] = Reasons.Known.Keys.Concat(Reasons.Refusals.Keys),
        ["effect"] = Enum.GetNames<AnswerEffect>(),
        ["state"] = [.. Enum.GetValues<MessageState>().Select(state => state.ToColumn()), "planned", "waiting", "fired", "skipped"],
        ["status"] = ["proposed", "approved", "confirmed", "declined", "cancelled", "open"],
        ["outcome"] = Outcomes(),
        ["action"] =
        [
            "resent",
            "replayed",
            "settled as sent",
            "settled as not delivered",
            "held after a restore",
            "held after a fail-over",
        ],
        ["end"] = ["cancelled", "dead"],
        ["way"] = ["press", "link"],
        ["proof"] = ["press", "link"],
        ["receipt"] = ["delivered", "read"],
        ["span"] = ["seconds", "minutes", "hours"],
        ["list"] = ["and", "or"],
        ["also"] = ["installation", "nobody"],
        ["subject"] = ["booking"],
        ["about"] = Abouts(),
        ["object"] = Enum.GetValues<ObjectKind>().Select(kind => new SchemaObject(kind, "x", null, "").Word),
        ["whose"] = ["server", "database", "role"],
        ["column"] = Columns(),
        ["audited"] = ["ledger", "what was due at a restore", "messages in doubt"],
        ["title"] = Statuses.Select(status => $"{status}"),
    };

    [Fact]
    public void Each_sentence_that_the_sources_say_has_words_in_each_language_and_no_words_are_left_over()
    {
        var said = Said().Concat(Groups.SelectMany(group => group.Value.Select(name => $"{group.Key}.{name}"))).Distinct();
        Assert.All(Wording.All, words => Assert.Equal(said.Order(StringComparer.Ordinal), words.Codes.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Both_say_the_same_values() =>
        Assert.All(
            Wording.English.Codes,
            code => Assert.Equal((code, Places(Wording.English[code])), (code, Places(Wording.Russian[code])))
        );

    [Fact]
    public void A_reason_says_every_value_that_is_written_with_it() =>
        Assert.All(
            Reasons.Known.Concat(Reasons.Refusals),
            reason =>
                Assert.Equal(
                    (reason.Key, reason.Value.TrimEnd('?').Length),
                    (reason.Key, Wording.English[$"reason.{reason.Key}"].Places.Select(place => place.Split(':')[0]).Distinct().Count())
                )
        );

    [Fact]
    public void There_is_no_English_in_the_Russian_and_no_Russian_in_the_English()
    {
        Assert.All(
            Wording.Russian.Codes,
            code => Assert.DoesNotMatch(Latin(), Given().Replace(Names().Replace(Text(Wording.Russian[code]), ""), ""))
        );
        Assert.All(Wording.English.Codes, code => Assert.DoesNotMatch(Cyrillic(), Text(Wording.English[code])));
    }

    [Fact]
    public void A_plural_has_as_many_forms_as_its_language() =>
        Assert.All(
            from words in Wording.All
            from code in words.Codes
            from part in words[code].Parts
            where part.Form.Contains('|')
            select (words.Language, code, part.Form),
            plural => Assert.Equal((plural.code, plural.Language == "ru" ? 3 : 2), (plural.code, plural.Form.Split('|').Length))
        );

    private static string Places(Template template) => string.Join(' ', template.Places.Distinct().Order(StringComparer.Ordinal));

    /// <summary>All that is not somebody's value.</summary>
    private static string Text(Template template) =>
        string.Concat(template.Parts.Select(part => part.Text ?? (part.Form.Contains('|') ? part.Form : "")));

    // Codes of sentences are nowhere but where one is made; the rooms of words themselves are no user.
    private static IEnumerable<string> Said() =>
        from source in Sources.All
        where source is not { Project: "Reminders", Path: var path } || !path.StartsWith("Words/", StringComparison.Ordinal)
        from Match match in Code().Matches(source.Text)
        let code = match.Groups[1].Value
        where !Groups.ContainsKey(code.Split('.')[0])
        select code;

    /// <summary>What a finding is about, and a check: written beside its code, or kept beside all of them.</summary>
    private static IEnumerable<string> Abouts() =>
        from source in Sources.All
        where source.Path.StartsWith("Doctor/", StringComparison.Ordinal) || source.Path == "TelegramCheck.cs"
        from Match match in About().Matches(source.Text)
        select match.Groups.Values.Skip(1).Single(one => one.Success).Value;

    /// <summary>The headings of what the command line shows in columns.</summary>
    private static IEnumerable<string> Columns() =>
        (
            from source in Sources.All
            where source.Project == "Reminders.Cli" && source.Path.StartsWith("Commands/", StringComparison.Ordinal)
            from Match header in Header().Matches(source.Text)
            from Match heading in Heading().Matches(header.Value)
            select heading.Groups[1].Value
        ).Distinct();

    private static IEnumerable<string> Outcomes()
    {
        var written =
            from source in Sources.Engine.Concat(Sources.Statements)
            where
                source.Path
                    is "Outbox/Verdicts.cs"
                        or "Outbox/Deliverer.cs"
                        or "Zones/ZoneAgreement.cs"
                        or "Outbox/Sql/reap.sql"
                        or "Outbox/Sql/postpone.sql"
                        or "Inbound/Sql/failed-later.sql"
            from Match match in Outcome().Matches(source.Text)
            select match.Groups.Values.Skip(1).Single(one => one.Success).Value;
        return written.Append("sent").Distinct();
    }

    [GeneratedRegex("\"((?:story|event|rule|who|named|stands|answer|waits|stand|found|fix|schema|wrong|form|problem|cli)\\.[a-z_]+)\"")]
    private static partial Regex Code();

    [GeneratedRegex(
        """(?:MessageState\.\w+,\s+|TryAgain\(\s*\w+\.Why,\s*|Outcome = )"([a-z, ]+)"|'([a-z ]+)'(?: END)? AS outcome|ELSE '([a-z ]+)' END AS outcome"""
    )]
    private static partial Regex Outcome();

    [GeneratedRegex(
        """Finding\.(?:Good|Attention|Bad)\(\s*(?:"[a-z_]+"|\w+),\s*"([a-z -]+)"|const string (?:About|Webhook) = "([a-z -]+)"|Some\(\s*"[a-z_]+",\s*"([a-z]+)"|(?:Of|new)\(\s*"([a-z -]+)",\s*(?:async|_|stop) """
    )]
    private static partial Regex About();

    [GeneratedRegex("""new PlainTable\("[^)]*\)|^ +\["[a-z" ,-]+\],$""", RegexOptions.Multiline)]
    private static partial Regex Header();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Heading();

    // Names of things, commands, columns and settings are the same in every language.
    [GeneratedRegex(
        """\b(?:Quartz|PostgreSQL|Telegram|PgBouncer|SQLSTATE|UNIQUE|REINDEX|NTP|API|ERROR|PublicUrl|Polling|Webhook(?::Url)?|Retention|Kinds|ConnectionString|DirectConnectionString|Maximum Pool Size|BotFather|410 Gone|4GB|pg_stat_activity|xmin_held|sched_name|reason|effect|trouble|serve|doctor|channels resume|hold release|outbox list|state failed|owner|reminders\.\w+)\b|--\w+|https://\S+"""
    )]
    private static partial Regex Names();

    // So are fields, what may stand in them, and what stands in a request.
    [GeneratedRegex(
        """\b(?:since|kind|channel|incident|reasonContains|recipients|recruiter|operator|group|version|wanted|name|text|data|CSV|Templates|next|previous|cursor|null|true|false|migrate|traceId|token|bearer|JSON|NUL|UTF-8|UUID|IANA|KEY|POST|WebSocket|Idempotency-Key|Authorization|Bearer|Content-Type|application/json|Api:ReadTime|r[ktw]_|[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[0-9:]+Z?|Europe/Moscow|pt-BR|en-GB|en|ru)(?![\w])|/api/\S+|\w+@example\.com"""
    )]
    private static partial Regex Given();

    [GeneratedRegex("[A-Za-z]")]
    private static partial Regex Latin();

    [GeneratedRegex("[А-Яа-яЁё]")]
    private static partial Regex Cyrillic();
}
