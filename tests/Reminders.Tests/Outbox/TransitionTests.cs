using System.Text.RegularExpressions;
using Reminders.Outbox;

namespace Reminders.Tests.Outbox;

/// <summary>
/// <see cref="Transitions"/> is what the statements do. They are found in the sources by what they say, in C# and in .sql, so that
/// moving one changes nothing here.
/// </summary>
public sealed partial class TransitionTests
{
    /// <summary>What tells a statement from the others, in its own words with every space a single one.</summary>
    private static readonly Dictionary<string, string> Marks = new()
    {
        ["queue"] = "unnest(d.chosen)",
        ["queue-digest"] = "SELECT DISTINCT ON (kind, recipient_id, due_at)",
        ["ask-again"] = "FROM open WHERE NOT on_its_way",
        ["say-nothing-open"] = "useful_until, true FROM answered",
        ["next-channel"] = "m.recipient_id, next.channel, 'send'",
        ["edit"] = "greatest(m.useful_until, now()) + interval '1 day'",
        ["next-number"] = "'send', m.number + 1, 'pending'",
        ["import"] = "t.channel, 'send', 'sent'",
        ["take"] = "$1, 'send', 'sending', due_at",
        ["take-back"] = "SET state = 'pending', send_started_at = NULL, lease_until = NULL, leased_by = NULL",
        ["give-back"] = "SET state = 'pending', send_started_at = NULL, lease_until = NULL, lease_token = m.lease_token + 1 FROM",
        ["put-back"] = "SET state = 'sending', press_token = f.row_token",
        ["write-back"] = "t.channel, 'send', t.number, 'sending'",
        ["claim"] = "SET state = 'sending', lease_token = m.lease_token + 1",
        ["release"] = "SET state = 'pending', lease_until = NULL",
        ["start"] = "SET state = CASE d.verdict",
        ["postpone"] = "SET state = CASE WHEN attempts + 1 >=",
        ["settle-sent"] = "SET state = 'sent', reason = NULL",
        ["settle"] = "SET state = r.state",
        ["settle-barely"] = "SET state = $3, reason = $4, attempts = attempts + $5",
        ["reap"] = "SET state = l.next",
        ["expire-doubts"] = "reason = 'doubt_past_use'",
        ["expire-shut"] = "reason = late.why",
        ["cancel-unsent"] = "SET state = CASE WHEN unsent THEN",
        ["cancel-older-edits"] = "reason = 'newer_edit'",
        ["erase-unsent"] = "FROM unsent u WHERE m.id = u.id",
        ["erase-edits"] = " AND operation = 'edit' AND (state IN",
        ["prove"] = "state = CASE state WHEN 'uncertain' THEN 'sent'",
        ["fail-later"] = "SET state = 'dead', reason = $3, provider_message_id =",
        ["hold-unsent"] = "SET state = 'uncertain', reason = $5",
        ["settle-held"] = "SET state = $2, reason = $3, settled_at",
    };

    [Fact]
    public void Each_statement_that_writes_a_state_is_listed_once_with_the_states_it_writes()
    {
        var wrong = new List<string>();
        var seen = new List<string>();
        foreach (var statement in Sources().SelectMany(source => Statements(source.File, source.Text)))
        {
            var names = Marks
                .Where(mark => statement.Text.Contains(mark.Value, StringComparison.Ordinal))
                .Select(mark => mark.Key)
                .ToArray();
            if (names is not [var name])
            {
                wrong.Add(
                    $"{statement.File}: {(names.Length == 0 ? "no listed statement" : string.Join(" and ", names))} is: {statement.Text}"
                );
                continue;
            }
            seen.Add(name);
            var listed = Transitions
                .All.Where(move => move.Statement == name)
                .Select(move => move.To.ToColumn())
                .Distinct()
                .Order()
                .ToArray();
            // A state that is computed elsewhere in the statement, or in C#, is only held to be among those.
            if (statement.IsWhole ? !listed.SequenceEqual(statement.States) : statement.States.Except(listed).Any())
            {
                wrong.Add($"{statement.File}: {name} writes {string.Join(", ", statement.States)}; listed are {string.Join(", ", listed)}");
            }
        }
        Assert.Empty(wrong);
        Assert.Equal(Marks.Keys.Order(), seen.Order());
        Assert.Equal(Marks.Keys.Order(), Transitions.All.Select(move => move.Statement).Distinct().Order());
    }

    [Fact]
    public void What_a_verdict_can_say_is_what_settling_is_listed_with()
    {
        var said = Regex
            .Matches(
                Sources().Single(source => source.File.EndsWith("/Verdicts.cs", StringComparison.Ordinal)).Text,
                @"MessageState\.(\w+)"
            )
            .Select(match => match.Groups[1].Value)
            .Distinct()
            .Order();
        foreach (var statement in (string[])["settle", "settle-barely"])
        {
            Assert.Equal(
                said,
                Transitions.All.Where(move => move.Statement == statement).Select(move => move.To.ToString()).Distinct().Order()
            );
        }
    }

    [Fact]
    public void No_move_is_listed_twice_and_a_final_state_is_left_only_by_the_provider()
    {
        Assert.Empty(
            Transitions.All.GroupBy(move => (move.From, move.To, move.Statement)).Where(same => same.Count() > 1).Select(same => same.Key)
        );
        Assert.Equal(["fail-later"], Transitions.All.Where(move => move.From?.IsFinal() == true).Select(move => move.Statement));
    }

    [Fact]
    public void The_diagram_of_the_states_is_the_list()
    {
        var drawn = DiagramLine()
            .Matches(File.ReadAllText(Path.Combine(Architecture.Sources.Root(), "src", "Reminders", "Outbox", "MessageState.cs")));
        Assert.Equal(Transitions.Diagram(), drawn.Select(line => line.Groups["line"].Value));
    }

    [Fact]
    public void The_table_of_the_readme_is_the_list()
    {
        var readme = File.ReadAllText(Path.Combine(Architecture.Sources.Root(), "src", "Reminders", "Outbox", "README.md"));
        var table = TableLines().Match(readme);
        Assert.True(table.Success, "README.md of the outbox has no table that begins with | from → to | by |");
        Assert.Equal(Transitions.Table(), table.Value.TrimEnd());
    }

    [Theory]
    [InlineData("UPDATE reminders.outbox m SET reason = 'x', state = CASE WHEN a THEN 'dead' ELSE m.state END WHERE id = 1", "dead", true)]
    [InlineData("UPDATE reminders.outbox SET state = $2 WHERE id = $1", "", false)]
    [InlineData(
        "WITH l AS (SELECT CASE WHEN a THEN 'sent' ELSE 'retry' END AS next) UPDATE reminders.outbox m SET state = l.next FROM l",
        "retry,sent",
        false
    )]
    [InlineData("INSERT INTO reminders.outbox (id, state, reason) SELECT coalesce(a, b), 'dead', c FROM t", "dead", true)]
    [InlineData("INSERT INTO reminders.outbox AS m\n  (id, state) VALUES (1, 'sent')", "sent", true)]
    public void A_written_state_is_found(string sql, string states, bool whole)
    {
        var found = Assert.Single(Statements("x.sql", sql));
        Assert.Equal((states, whole), (string.Join(',', found.States), found.IsWhole));
    }

    [Theory]
    [InlineData("UPDATE reminders.outbox SET due_at = now() WHERE state = 'dead'")]
    [InlineData("UPDATE reminders.occurrence SET state = 'fired'")]
    [InlineData("SELECT FROM reminders.outbox WHERE state = 'sent'")]
    public void What_writes_no_state_of_a_message_is_none(string sql) => Assert.Empty(Statements("x.sql", sql));

    private sealed record Written(string File, string Text, string[] States, bool IsWhole);

    private static IEnumerable<Written> Statements(string file, string source)
    {
        var text = Spaces().Replace(source, " ");
        foreach (Match match in Writing().Matches(text))
        {
            var rest = text[match.Index..];
            var expression = match.Groups["columns"] is { Success: true, Value: var columns }
                ? Inserted(rest[match.Length..], columns)
                : Assigned(rest[match.Length..]);
            if (expression is null)
            {
                continue;
            }

            var literals = Literals(expression);
            var computed = Computed().Match(expression);
            if (computed is { Success: true } && computed.Groups["column"] is { Success: true, Value: var column })
            {
                literals = Literals(
                    Regex.Matches(text[..match.Index], $@"\bCASE\b(?:(?!\bCASE\b).)*? END AS {column}\b").LastOrDefault()?.Value ?? ""
                );
            }

            var near = rest[..Math.Min(rest.Length, 700)];
            var next = Next().Match(near, 1);
            yield return new(file, next.Success ? near[..next.Index] : near, [.. literals.Distinct().Order()], !computed.Success);
        }
    }

    private static string? Assigned(string clause) =>
        Parts(clause)
            .Select(part => part.Trim())
            .Where(part => part.StartsWith("state = ", StringComparison.Ordinal))
            .Select(part => part["state = ".Length..])
            .FirstOrDefault();

    private static string Inserted(string values, string columns) =>
        Parts(Selecting().Replace(values, "")).ElementAt(Array.FindIndex(columns.Split(','), column => column.Trim() == "state")).Trim();

    /// <summary>What stands between the commas of a clause, up to the word that ends it.</summary>
    private static IEnumerable<string> Parts(string clause)
    {
        var (depth, from) = (0, 0);
        for (var at = 0; at < clause.Length; at++)
        {
            depth += clause[at] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            var ends = depth < 0 || depth == 0 && End().IsMatch(clause, at);
            if (!ends && (depth > 0 || clause[at] != ','))
            {
                continue;
            }

            yield return clause[from..at];
            from = at + 1;
            if (ends)
            {
                yield break;
            }
        }
        yield return clause[from..];
    }

    private static IEnumerable<string> Literals(string expression) =>
        Literal().Matches(expression).Select(match => match.Groups["state"].Value);

    private static IEnumerable<(string File, string Text)> Sources()
    {
        var src = Path.Combine(Architecture.Sources.Root(), "src");
        return
        [
            .. from file in Directory.EnumerateFiles(src, "*.*", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(src, file).Replace('\\', '/')
            where path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".sql", StringComparison.Ordinal)
            // Scripts made the tables; benchmarks fill them.
            where !path.Split('/').Any(folder => folder is "bin" or "obj" or "Scripts" or "Bench")
            orderby path
            select (path, File.ReadAllText(file)),
        ];
    }

    [GeneratedRegex(@"\s*--[^\n]*|\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(
        @"UPDATE reminders\.outbox(?: (?:AS )?(?!SET\b)\w+)? SET |INSERT INTO reminders\.outbox(?: AS \w+)? \((?<columns>[^)]*)\) ?"
    )]
    private static partial Regex Writing();

    // Where another clause or statement begins.
    [GeneratedRegex(@"\b(?:UPDATE reminders\.|INSERT INTO reminders\.|DELETE FROM )|"";|""""""")]
    private static partial Regex Next();

    [GeneratedRegex(@"\A(?:SELECT (?:DISTINCT ON \([^)]*\) )?|VALUES \()")]
    private static partial Regex Selecting();

    [GeneratedRegex(@"\G(?:\b(?:WHERE|FROM|RETURNING)\b|""""""|;)")]
    private static partial Regex End();

    [GeneratedRegex(@"(?:\b(?:THEN|ELSE) |\A)'(?<state>\w+)'")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\A(?:\$\d+|\w+\.(?<column>\w+))\s*\z")]
    private static partial Regex Computed();

    [GeneratedRegex(@"^/// (?<line>\S+ +──► .*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex DiagramLine();

    [GeneratedRegex(@"^\| from → to \| by \|.*\n(?:\|.*\n)*", RegexOptions.Multiline)]
    private static partial Regex TableLines();
}
