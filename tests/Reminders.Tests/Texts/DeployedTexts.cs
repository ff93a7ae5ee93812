using System.Globalization;
using Reminders.Kinds;
using Reminders.Texts;

namespace Reminders.Tests.Texts;

/// <summary>What nodes had of their own counts like what was set: by when it was there, and under what was set over it.</summary>
public sealed class DeployedTexts
{
    private static readonly DateTimeOffset Noon = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Dictionary<string, string>> Declared = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = new() { ["text"] = "As whoever asks declares it" },
    };

    private static readonly KindDefinition Kind = new()
    {
        Name = "CALL",
        To = "candidate",
        Templates = Declared,
        DeclaredTexts = Declared,
    };

    // One from noon on, two from an hour later on, a quarter of an hour beside each other.
    private static readonly TextStay[] Two = [Stay("One", 0, 75), Stay("Two", 60, 300)];

    [Theory]
    [InlineData(-1, null)]
    [InlineData(1, true)]
    [InlineData(59, true)]
    [InlineData(61, false)]
    [InlineData(75, false)]
    [InlineData(77, null)]
    [InlineData(299, null)]
    [InlineData(900, null)]
    public void It_is_what_nodes_had_by_then(int minutes, bool? isSure)
    {
        var earlier = Of([], Two, minutes);
        Assert.Equal((isSure, isSure is null ? null : Noon.AddHours(1)), (earlier?.IsSure, earlier?.ChangedAt));
        Assert.Null(earlier?.ChangedBy);
    }

    [Fact]
    public void What_comes_back_stands_and_what_was_between_was_another()
    {
        TextStay[] back = [Stay("One", 0, 60), Stay("Two", 61, 120), Stay("One", 121, 300)];
        Assert.Null(Of([], back, 30));
        Assert.True(Of([], back, 100) is { IsSure: true } between && between.ChangedAt == Noon.AddMinutes(121));
        // A newer build that was given up: the older one has gone on all the time.
        TextStay[] given = [Stay("One", 0, 300), Stay("Two", 61, 120)];
        Assert.Null(Of([], given, 30));
        Assert.True(Of([], given, 100) is { IsSure: false });
        Assert.Null(Of([], given, 200));
    }

    [Fact]
    public void A_stay_that_says_the_same_of_it_or_that_nobody_can_tell_is_no_other()
    {
        var same = Stay("One", 60, 300) with
        {
            Prints = new Dictionary<string, string?> { ["text"] = TextPrint.Of("One"), ["confirmed"] = "x" },
        };
        Assert.Null(Of([], [Stay("One", 0, 60), same], 30));
        var untold = Stay("One", 60, 300) with { Prints = new Dictionary<string, string?> { ["text"] = null } };
        Assert.Null(Of([], [Stay("One", 0, 60), untold], 30));
        Assert.Null(Of([], [Stay("One", 0, 60) with { Locale = "ru" }, Stay("Two", 60, 300)], 30));
        // Two, then one that differs in what it does not say: it came with the first of them.
        var third = Stay("Two", 120, 300) with
        {
            Prints = new Dictionary<string, string?> { ["text"] = TextPrint.Of("Two"), ["confirmed"] = "x" },
        };
        Assert.Equal(Noon.AddHours(1), Of([], [Stay("One", 0, 60), Stay("Two", 60, 120), third], 30)?.ChangedAt);
    }

    [Fact]
    public void In_a_gap_it_may_be_what_was_before_it_or_after_it()
    {
        TextStay[] gap = [Stay("One", 0, 60), Stay("Two", 120, 300)];
        Assert.True(Of([], gap, 90) is { IsSure: false });
        Assert.True(Of([], [.. gap, Stay("Three", 301, 400)], 90) is { IsSure: true });
    }

    [Fact]
    public void What_was_set_goes_over_both_and_says_so_where_it_is_what_differs()
    {
        // Set before either, and still: no matter what nodes had.
        Assert.Null(Of([Set(1, -60, "Set")], Two, 30));
        // Set since: whoever set it has changed it.
        Assert.True(Of([Set(1, 200, "Set")], Two, 30) is { ChangedBy: "olga", Version: 0, Now: 1, IsSure: true });
        // Set, and taken back after the deployment, where both say something else than it did.
        TextVersion[] back = [Set(1, 10, "Set"), new("CALL", "en", 2, new Dictionary<string, string>(), "olga", Noon.AddMinutes(200), "")];
        Assert.True(Of(back, Two, 30) is { ChangedBy: "olga", Version: 1, Now: 2, IsSure: true });
        // What is set is what stood: nothing else was ever said.
        Assert.Null(Of([Set(1, 200, "One")], Two, 30));
        // Nobody knows what nodes had before the first: then only what was set is told.
        Assert.True(Of([Set(1, 200, "Set")], [Stay("One", 100, 300)], 30) is { ChangedBy: "olga", Version: 0 });
    }

    [Fact]
    public void A_language_that_came_or_went_is_another_text_unless_it_says_the_same()
    {
        TextStay[] came = [Stay("One", 0, 300), Stay("Eins", 60, 300, "de")];
        Assert.True(Of([], came, 30, "de-AT") is { IsSure: true, ChangedBy: null } earlier && earlier.ChangedAt == Noon.AddHours(1));
        Assert.Null(Of([], came, 61, "de-AT"));
        Assert.Null(Of([], came, 30));
        Assert.Null(Of([], [Stay("One", 0, 300), Stay("One", 60, 300, "de")], 30, "de"));
        // What was before the first note, nobody knows.
        Assert.Null(Of([], came, -1, "de"));
        // A build with it was given up again: what it sent is German still, and stands in English now.
        TextStay[] went = [Stay("One", 0, 300), Stay("Eins", 60, 120, "de")];
        Assert.True(Of([], went, 90, "de") is { IsSure: true } gone && gone.ChangedAt == Noon.AddHours(2));
        Assert.Null(Of([], went, 30, "de"));
        Assert.Null(Of([], went, 200, "de"));
        // By operators it came as a version.
        Assert.True(Of([Set(1, 60, "Eins", "de")], [Stay("One", 0, 300)], 30, "de") is { ChangedBy: "olga", Now: 1 });
    }

    [Fact]
    public void Other_buttons_are_another_text_though_their_words_are_the_same_and_an_older_build_noted_none()
    {
        string[] names = [.. EarlierText.SentBy(Kind)];
        TextStay[] two = [Around("confirm"), Around("confirm", "decline", from: 60)];
        Assert.True(EarlierText.Of(Kind, new([], two), "en", Noon.AddMinutes(30), names) is { IsSure: true });
        Assert.Null(EarlierText.Of(Kind, new([], [Stay("One", 0, 60), two[1]]), "en", Noon.AddMinutes(30), names));
        Assert.NotEqual(TextPrint.Of(hasLink: true, ["a", "b"]), TextPrint.Of(hasLink: false, ["a", "b"]));
        Assert.NotEqual(TextPrint.Of(hasLink: false, ["b", "a"]), TextPrint.Of(hasLink: false, ["a", "b"]));
        Assert.Equal(TextPrint.Of(hasLink: false, []), TextPrint.OfRendered(Kind, "en")[TextPrint.Around]);

        static TextStay Around(string button, string? other = null, int from = 0)
        {
            var stay = Stay("One", from, from == 0 ? 60 : 300);
            return stay with
            {
                Prints = new Dictionary<string, string?>(stay.Prints)
                {
                    [TextPrint.Around] = TextPrint.Of(hasLink: false, other is null ? [button] : [button, other]),
                },
            };
        }
    }

    [Fact]
    public void A_print_is_the_same_in_every_culture_and_order_and_no_print_where_a_text_cannot_be_rendered()
    {
        var one = new SortedDictionary<string, string?>(StringComparer.Ordinal) { ["text"] = TextPrint.Of("Привет"), ["İ"] = null };
        var other = new SortedDictionary<string, string?>(StringComparer.Ordinal) { ["İ"] = null, ["text"] = TextPrint.Of("Привет") };
        var (print, culture) = (TextPrint.Of(one), CultureInfo.CurrentCulture);
        CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
        Assert.Equal(print, TextPrint.Of(other));
        CultureInfo.CurrentCulture = culture;
        // The same for every build, too: it stands in tables.
        Assert.Equal("185f8db32271fe25f561a6fc938b2e26", TextPrint.Of("Hello"));
        var texts = new Dictionary<string, Dictionary<string, string>>
        {
            ["en"] = new() { ["text"] = "At {starts_at:Q}", ["moved"] = "To {place}" },
        };
        var prints = TextPrint.OfRendered(Kind.WithTexts(texts), "en");
        Assert.Equal((null, TextPrint.Of("To {place}")), (prints["text"], prints["moved"]));
    }

    private static EarlierText? Of(TextVersion[] set, TextStay[] stays, int minutes, string locale = "en-GB") =>
        EarlierText.Of(Kind, new(set, stays), locale, Noon.AddMinutes(minutes), ["text"]);

    private static TextStay Stay(string text, int from, int to, string locale = "en") =>
        new("CALL", locale, new Dictionary<string, string?> { ["text"] = TextPrint.Of(text) }, Noon.AddMinutes(from), Noon.AddMinutes(to));

    private static TextVersion Set(int version, int minutes, string text, string locale = "en") =>
        new("CALL", locale, version, new Dictionary<string, string> { ["text"] = text }, "olga", Noon.AddMinutes(minutes), "clearer");
}
