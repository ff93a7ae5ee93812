using System.Globalization;
using Reminders.Kinds;

namespace Reminders.Tests.Channels.Templates;

public sealed class TextTemplateTests
{
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 18, 5, 0, TimeSpan.FromHours(3));

    [Theory]
    [InlineData("Hello {name}!", "Hello Anna!")]
    [InlineData("{name}{name}", "AnnaAnna")]
    [InlineData("{{name}} {name}", "{name} Anna")]
    [InlineData("{starts_at:HH:mm}", "18:05")]
    [InlineData("{starts_at:dddd, d MMMM}", "Monday, 1 March")]
    [InlineData("100% \"quoted\"\n", "100% \"quoted\"\n")]
    [InlineData("{braces}", "{0} {name}")]
    public void Values_stand_where_their_names_were(string template, string text) =>
        Assert.Equal(text, TextTemplate.Parse(template).Render(Value, CultureInfo.GetCultureInfo("en")));

    [Fact]
    public void Dates_are_written_in_the_readers_language() =>
        Assert.Equal(
            "понедельник, 1 марта",
            TextTemplate.Parse("{starts_at:dddd, d MMMM}").Render(Value, CultureInfo.GetCultureInfo("ru"))
        );

    [Fact]
    public void A_value_there_is_none_of_is_named() =>
        Assert.Contains(
            "{nobody}",
            Assert
                .ThrowsAny<KeyNotFoundException>(() => TextTemplate.Parse("{nobody}").Render(Value, CultureInfo.InvariantCulture))
                .Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{name")]
    [InlineData("{name:HH")]
    [InlineData("{}")]
    [InlineData("{0")]
    [InlineData("{first name}")]
    [InlineData("{имя}")]
    public void A_text_whose_braces_do_not_match_is_refused_when_it_is_read(string template) =>
        Assert.NotNull(TextTemplate.ProblemIn(template));

    private static object? Value(string name) =>
        name switch
        {
            "name" => "Anna",
            "starts_at" => Start,
            "braces" => "{0} {name}",
            _ => null,
        };
}
