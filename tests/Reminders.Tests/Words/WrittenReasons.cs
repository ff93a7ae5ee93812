using System.Text.RegularExpressions;
using Reminders.Outbox;
using Reminders.Tests.Architecture;
using Reminders.Words;

namespace Reminders.Tests.Words;

/// <summary>Whatever the engine writes as a reason is a code that <see cref="Reasons"/> knows, so that it has words.</summary>
public sealed partial class WrittenReasons
{
    /// <summary>Statements that write or make reasons, each with the texts in it that are none.</summary>
    private static readonly Dictionary<string, string[]> Writers = new()
    {
        ["Ledger/Sql/fire.sql"] =
        [
            "inbox",
            "starts_at",
            "reachable",
            "send",
            "reminder_skipped",
            "reminders_inbox",
            "reminders_outbox",
            "occurrence ",
            "epoch",
        ],
        ["Ledger/Sql/plan-suppressed.sql"] = [],
        ["Outbox/Sql/still-wanted.sql"] = ["send", "reachable"],
        ["Outbox/Sql/reap.sql"] = ["edit", "lease lost", "not begun", "reminder_held", "message ", "reminders_outbox", "send"],
        ["Outbox/Sql/expire-shut.sql"] = ["reminder_skipped", "message ", "send"],
        ["Outbox/Sql/shut-late.sql"] = ["due"],
        ["Outbox/Sql/expire-waiting.sql"] = ["message.unreachable", "reminder_skipped", "occurrence ", " had no address"],
        ["Outbox/Sql/expire-held.sql"] = ["held"],
        ["Outbox/Sql/put-back.sql"] = ["epoch", "send", "held after "],
        ["Outbox/Operators/Sql/judge.sql"] = ["send"],
        ["Outbox/Operators/Sql/release-held.sql"] = ["occurrences", "ledger.hold", " was not sent"],
        ["Subjects/Sql/fence-edits.sql"] = ["edit"],
        ["People/Sql/change-opt-out.sql"] = ["reachable"],
    };

    private static readonly HashSet<string> States =
    [
        .. Enum.GetValues<MessageState>().Select(state => state.ToColumn()),
        "planned",
        "waiting",
        "fired",
        "skipped",
        "cancelled",
    ];

    [Fact]
    public void In_SQL()
    {
        var wrong =
            from writer in Writers
            let statement = Sources.Statements.Single(source => source.Project == "Reminders" && source.Path == writer.Key)
            from literal in Literals(statement.Text).Select(text => text.StartsWith(": ", StringComparison.Ordinal) ? text[2..] : text)
            where !IsPart(literal) && !States.Contains(literal) && !writer.Value.Contains(literal) && !IsReason(literal)
            select $"{writer.Key}: '{literal}'";
        Assert.Empty(wrong);
    }

    [Fact]
    public void In_the_function_that_says_what_is_not_wanted()
    {
        var functions = File.ReadAllText(Path.Combine(Sources.Root(), "src/Reminders/Storage/functions.sql"));
        var unwanted = functions[functions.IndexOf("reminders.unwanted(", StringComparison.Ordinal)..];
        unwanted = unwanted[..unwanted.IndexOf("$function$;", StringComparison.Ordinal)];
        var literals = Literals(unwanted).Except(["changeable", "closed"]).ToArray();
        Assert.Equal(4, Literals(unwanted).Count(literal => literal.Contains(' ')));
        Assert.All(literals, literal => Assert.True(IsReason(literal), literal));
    }

    /// <summary>What says in SQL why, says it in codes: no statement has a sentence there.</summary>
    [Fact]
    public void No_statement_sets_a_reason_that_is_none()
    {
        var set =
            from statement in Sources.Statements.Concat(Sources.Engine)
            from Match match in Set().Matches(statement.Text)
            select (statement.Path, Literal: match.Groups[1].Value);
        Assert.NotEmpty(set);
        Assert.All(set, one => Assert.True(IsReason(one.Literal), $"{one.Path}: '{one.Literal}'"));
    }

    [Fact]
    public void In_code()
    {
        var written = (
            from source in Sources.All
            from Match match in Of().Matches(source.Text)
            from code in Texts().Matches(match.Groups[1].Value).Select(text => text.Groups[1].Value)
            select (source.Path, code)
        ).ToArray();
        Assert.True(written.Length > 15, $"Only {written.Length} were found.");
        Assert.All(
            written,
            one => Assert.True(Reasons.Known.ContainsKey(one.code) || Reasons.Refusals.ContainsKey(one.code), $"{one.Path}: {one.code}")
        );
    }

    [Fact]
    public void No_refusal_has_words_of_its_own_and_each_that_there_are_words_for_is_said()
    {
        Assert.Empty(from source in Sources.All from Match match in Worded().Matches(source.Text) select $"{source.Path}: {match.Value}");
        var outside = Sources.All.Where(source => !source.Path.StartsWith("Words/", StringComparison.Ordinal)).ToArray();
        Assert.All(
            Reasons.Refusals.Keys,
            code => Assert.Contains(outside, source => source.Text.Contains($"\"{code}\"", StringComparison.Ordinal))
        );
    }

    /// <summary>What is wrong with what was given, and what an answer over HTTP says: sentences by code, and no texts.</summary>
    [Fact]
    public void Nor_has_a_wrong_field_or_a_problem()
    {
        Assert.Empty(
            from source in Sources.All
            where source.Project is "Reminders" or "Reminders.Web"
            // What Telegram's and Meta's servers are answered, nobody reads who has a language.
            where source.Path is not ("Problems/ProblemResult.cs" or "Problems/WrongFieldsResult.cs" or "IReminders.cs")
            where !source.Path.StartsWith("Webhooks/", StringComparison.Ordinal)
            from Match match in WordedField().Matches(source.Text)
            select $"{source.Path}: {match.Value}"
        );
        Assert.Contains("Add(\"at\", $\"is x\"", WordedField().Match("errors.Add(\"at\", $\"is x\");").Value, StringComparison.Ordinal);
    }

    /// <summary>As it stands, or as far as it is written here: its values are put behind.</summary>
    private static bool IsReason(string literal) =>
        Reasons.Read(literal) is not null || Reasons.Known.TryGetValue(literal.TrimEnd(' ', ':'), out var form) && form.Length > 0;

    // What stands between the values of one.
    private static bool IsPart(string literal) => literal.Trim(' ', ':', '.', ',', '{', '}').Length == 0 || !Word().IsMatch(literal);

    private static IEnumerable<string> Literals(string sql) =>
        from line in sql.Split('\n')
        where !line.TrimStart().StartsWith("--", StringComparison.Ordinal)
        let code = line.Split(" -- ")[0]
        where !code.Contains("interval '", StringComparison.Ordinal) || code.Contains("THEN '", StringComparison.Ordinal)
        from Match match in SqlText().Matches(Interval().Replace(code, ""))
        select match.Groups[1].Value;

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex SqlText();

    [GeneratedRegex("(?:interval|timestamptz) '[^']*'|to_char\\([^)]*\\)|/\\*.*?\\*/")]
    private static partial Regex Interval();

    [GeneratedRegex("[a-z]{3}")]
    private static partial Regex Word();

    [GeneratedRegex(@"\breason = (?:CASE WHEN \$4 THEN )?'([^'{]+)'(?:,| \|\|| END|\n)")]
    private static partial Regex Set();

    [GeneratedRegex(@"(?:Reasons|Conflict|NotFound)\.Of\(\s*([^,)]+)[,)]")]
    private static partial Regex Of();

    [GeneratedRegex(@"new Outcome<[^;]{1,80}>\.(?:Conflict|NotFound)\(\s*(?:\$?""|string\.).*")]
    private static partial Regex Worded();

    // A second text is the code; one of several words is none.
    [GeneratedRegex(
        """rrors\.Add\(\s*\$?"[^"]*",\s*\$?"(?!wrong\.)[^"]*"|\bResults\.(?:Validation)?Problem\(|new Dictionary<string, string\[\]>"""
    )]
    private static partial Regex WordedField();

    [GeneratedRegex("\"([a-z_]+)\"")]
    private static partial Regex Texts();
}
