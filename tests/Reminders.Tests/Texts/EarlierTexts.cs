using Reminders.Kinds;
using Reminders.Texts;

namespace Reminders.Tests.Texts;

/// <summary>Under which texts a message was sent follows from when it was begun, and near a change nobody claims to know.</summary>
public sealed class EarlierTexts
{
    private static readonly DateTimeOffset Noon = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Dictionary<string, string>> Declared = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = new() { ["text"] = "Declared", ["moved"] = "Moved" },
        ["ru"] = new() { ["text"] = "Иначе" },
    };

    private static readonly KindDefinition Kind = new()
    {
        Name = "CALL",
        To = "candidate",
        Templates = Declared,
        DeclaredTexts = Declared,
    };

    // Version 1 at noon, 2 an hour later; what stands of the text then.
    private static TextVersion[] Two(string first, string second) => [Set(1, Noon, first), Set(2, Noon.AddHours(1), second)];

    [Theory]
    [InlineData(-60, 0, true)]
    [InlineData(-11, 0, true)]
    [InlineData(-9, 0, true)]
    [InlineData(9, 0, true)]
    [InlineData(11, 1, true)]
    [InlineData(3589, 1, true)]
    [InlineData(3591, 1, false)]
    [InlineData(3609, 1, false)]
    [InlineData(3611, null, null)]
    [InlineData(90000, null, null)]
    public void It_is_the_last_that_was_set_by_then(int seconds, int? version, bool? isSure)
    {
        var earlier = Of(Two("One", "Two"), Noon.AddSeconds(seconds));
        Assert.Equal((version, isSure), (earlier?.Version, earlier?.IsSure));
        Assert.Equal(earlier is null ? null : 2, earlier?.Now);
        Assert.Equal(
            version is null ? null
                : version == 0 ? Noon
                : Noon.AddHours(1),
            earlier?.ChangedAt
        );
    }

    [Fact]
    public void What_stands_again_is_no_other_text_but_what_stood_between_may_have_been_had()
    {
        Assert.Null(Of(Two("One", "Declared"), Noon.AddHours(-1)));
        Assert.True(Of(Two("One", "Declared"), Noon.AddMinutes(5)) is { Version: 1, IsSure: true });
        Assert.True(Of(Two("One", "Declared"), Noon.AddSeconds(2)) is { Version: 0, IsSure: false });
    }

    [Fact]
    public void A_change_of_what_it_does_not_say_in_another_language_or_of_another_kind_is_none()
    {
        Assert.Null(Of([Set(1, Noon, "Gone", "moved")], Noon.AddHours(-1)));
        Assert.NotNull(EarlierText.Of(Kind, new([Set(1, Noon, "Gone", "moved")], []), "en", Noon.AddHours(-1), ["moved"]));
        Assert.Null(EarlierText.Of(Kind, new(Two("One", "Two"), []), "ru-RU", Noon.AddHours(-1), ["text"]));
        Assert.Null(Of([Set(1, Noon, "One") with { Kind = "OTHER" }], Noon.AddHours(-1)));
    }

    [Fact]
    public void A_language_that_is_only_set_is_its_readers_and_one_that_is_not_there_reads_English()
    {
        Assert.True(
            EarlierText.Of(Kind, new([Set(1, Noon, "Hallo") with { Locale = "de" }], []), "de-AT", Noon.AddHours(-1), ["text"])
                is { Now: 1 }
        );
        Assert.True(EarlierText.Of(Kind, new(Two("One", "Two"), []), "fr", Noon.AddHours(-1), ["text"]) is { Version: 0, Now: 2 });
    }

    private static EarlierText? Of(TextVersion[] versions, DateTimeOffset begunAt) =>
        EarlierText.Of(Kind, new(versions, []), "en-GB", begunAt, EarlierText.SentBy(Kind));

    private static TextVersion Set(int version, DateTimeOffset at, string text, string name = "text") =>
        new("CALL", "en", version, new Dictionary<string, string> { [name] = text }, "olga", at, "clearer");
}
