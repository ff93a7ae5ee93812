using System.Text.RegularExpressions;
using Reminders.Doctor;
using Reminders.Tests.Architecture;
using Reminders.Words;

namespace Reminders.Tests.Words;

/// <summary>Doctor says nothing but sentences, and each is one in every language.</summary>
public sealed partial class DoctorsWords
{
    /// <summary>A finding takes no text; a text could still be a value of one, or stand in a sentence's place.</summary>
    [Fact]
    public void No_check_has_words_of_its_own()
    {
        var sources = Sources.All.Where(source => source.Text.Contains("Finding.", StringComparison.Ordinal)).ToArray();
        Assert.True(sources.Length > 15, $"Only {sources.Length} were found.");
        var schema = File.ReadAllText(Path.Combine(Sources.Root(), "src/Reminders/Storage/schema.sql"));
        var prose =
            from source in sources
            from Match match in Prose().Matches(Comment().Replace(Raw().Replace(source.Text, ""), ""))
            let text = match.Groups[1].Value
            where !Statement().IsMatch(text) && !schema.Contains(text, StringComparison.Ordinal)
            select $"{source.Path}: {text}";
        Assert.Empty(prose);
    }

    [Fact]
    public void A_finding_is_a_line_in_either_language()
    {
        var since = new DateTimeOffset(2026, 11, 30, 4, 5, 6, TimeSpan.Zero);
        var finding = Finding.Bad(
            "reminder_overdue",
            "firing",
            new("found.overdue", Shown.Count(2)),
            Fix.ByCommand(new("fix.serve"), "serve")
        ) with
        {
            Since = since,
        };
        Assert.Equal(
            "2 reminders are overdue by more than 10 seconds. Since 2026-11-30 04:05:06Z. "
                + "Start one, or the app that the engine is in. Run: reminders serve",
            finding.Line(Wording.English)
        );
        Assert.Equal(
            "2 напоминания просрочены больше чем на 10 секунд. С 30.11.2026 04:05:06 UTC. "
                + "Запустите узел или приложение, в котором живёт движок. Выполните: reminders serve",
            finding.Line(Wording.Russian)
        );
        Assert.Equal(("firing", "запуск"), (finding.AboutIn(Wording.English), finding.AboutIn(Wording.Russian)));
    }

    [Fact]
    public void What_nobody_counted_to_the_end_and_a_fraction_are_written_as_the_language_writes_them()
    {
        Assert.StartsWith("10,000+ reminders are", Wording.English.Of(new("found.overdue", Shown.Count(10_001))), StringComparison.Ordinal);
        Assert.StartsWith(
            "10\u00a0000+ напоминаний",
            Wording.Russian.Of(new("found.overdue", Shown.Count(10_001))),
            StringComparison.Ordinal
        );
        Assert.Equal("of db1 is +3.5 s off the database's.", Wording.English.Of(new("found.clock_off", "db1", 3.5)));
        Assert.Equal("db1: часы расходятся с часами базы данных на +3,5 с.", Wording.Russian.Of(new("found.clock_off", "db1", 3.5)));
    }

    // Three words in a row: what is shorter is a name or a code.
    [GeneratedRegex("\"([^\"\n]*\\b[a-z']{2,} [a-z']+ [a-z']{2,}[^\"\n]*)\"")]
    private static partial Regex Prose();

    [GeneratedRegex("\"\"\".*?\"\"\"", RegexOptions.Singleline)]
    private static partial Regex Raw();

    [GeneratedRegex("^\\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?:SELECT|UPDATE|DELETE|INSERT|WHERE|FROM|ALTER)\b|--\w|^\^|\\$")]
    private static partial Regex Statement();
}
