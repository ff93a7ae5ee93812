using System.Globalization;
using Reminders.Channels;
using Reminders.Kinds;

namespace Reminders.Tests.Planning;

/// <summary>What a channel cannot carry whole arrives shortened or in parts, and says so.</summary>
public sealed class FittedTextTests
{
    private static readonly TextCapacity Small = new(60, 40, InUtf16: false);

    [Fact]
    public void The_longest_value_is_cut_and_not_what_stands_around_it()
    {
        var text = Shorten(
            "{by} on \"{title}\": {comment}\nAnswer by 15:00.",
            ("by", "Rita"),
            ("title", "Printer"),
            ("comment", Words(40))
        );
        Assert.Equal("Rita on \"Printer\": word word word word […]\nAnswer by 15:00.", text);
        Assert.True(Small.Measure(text) <= 60);
    }

    [Fact]
    public void Several_long_values_share_the_cut()
    {
        var text = Shorten("{a}|{b}|end", ("a", Words(40)), ("b", Words(40)));
        Assert.EndsWith("|end", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("[…]").Length - 1);
        Assert.InRange(Small.Measure(text), 30, 60);
    }

    [Fact]
    public void A_value_that_stands_twice_is_cut_until_both_fit() =>
        Assert.InRange(Small.Measure(Shorten("{a} and {a}", ("a", Words(40)))), 20, 60);

    [Fact]
    public void What_fits_stays_as_it_is() => Assert.Equal("Rita", Shorten("{by}", ("by", "Rita")));

    [Fact]
    public void No_character_is_cut_in_half()
    {
        // A family is one character to people, and seven code points.
        var family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";
        var text = Shorten("{a}", ("a", string.Concat(Enumerable.Repeat(family, 20))));
        Assert.Equal($"{string.Concat(Enumerable.Repeat(family, 8))} […]", text);
    }

    [Fact]
    public void Parts_are_cut_between_words_and_lose_nothing()
    {
        var parts = FittedText.Split(Words(40), Small, 60, 60);
        Assert.Equal(4, parts.Count);
        Assert.Equal(Words(40), string.Join(' ', parts));
        Assert.All(parts, part => Assert.InRange(Small.Measure(part), 1, 60));
    }

    [Fact]
    public void The_last_part_has_room_for_its_buttons_and_is_not_a_scrap()
    {
        var parts = FittedText.Split(Words(15), Small, 60, 40);
        Assert.Equal(Words(15), string.Join(' ', parts));
        Assert.InRange(Small.Measure(parts[^1]), 20, 40);
    }

    [Fact]
    public void What_does_not_fit_into_four_parts_is_shortened_and_says_so()
    {
        var parts = FittedText.Split(Words(400), Small, 60, 60);
        Assert.Equal(4, parts.Count);
        Assert.EndsWith(" […]", parts[^1], StringComparison.Ordinal);
        Assert.All(parts, part => Assert.InRange(Small.Measure(part), 1, 60));
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("word", count));

    private static string Shorten(string template, params (string Name, string Value)[] values) =>
        FittedText.Shorten(
            TextTemplate.Parse(template),
            name => values.First(value => value.Name == name).Value,
            CultureInfo.InvariantCulture,
            Small,
            60
        );
}
