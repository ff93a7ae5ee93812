using System.Text.Json;
using Reminders.Kinds;
using Reminders.Words;

namespace Reminders.Tests.Planning;

/// <summary>Data is held against what its kind declares, and every datum that does not fit is named.</summary>
public sealed class DeclaredDataTests
{
    private static readonly Dictionary<string, string> Declared = new()
    {
        ["title"] = "text",
        ["total"] = "number",
        ["urgent"] = "flag?",
        ["due"] = "instant?",
    };

    [Theory]
    [InlineData("""{"title":"Lamp","total":12.5}""", "")]
    [InlineData("""{"title":"Lamp","total":12.5,"urgent":true,"due":"2027-03-01T15:00:00+03:00"}""", "")]
    [InlineData("""{"title":"Lamp","total":12.5,"urgent":null}""", "")]
    [InlineData("""{}""", "title total")]
    [InlineData("""{"title":7,"total":"7","urgent":"yes","due":1}""", "title total urgent due")]
    [InlineData("""{"title":"a\u0000b","total":1}""", "title")]
    [InlineData("""{"title":"\ud800","total":1}""", "title")]
    [InlineData("""{"title":"Lamp","total":1,"due":"2027-03-01T15:00:00"}""", "due")]
    [InlineData("""{"title":"Lamp","total":1,"colour":"red"}""", "colour")]
    public void What_does_not_fit_is_named(string given, string wrong) =>
        Assert.Equal(
            wrong,
            string.Join(
                ' ',
                DeclaredData
                    .Problems(Declared, JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(given))
                    .Select(problem => problem.Name)
            )
        );

    [Fact]
    public void A_kind_that_declares_nothing_takes_nothing() =>
        Assert.Equal(
            "there is nothing",
            Wording.English.Of(
                Assert
                    .Single(
                        DeclaredData.Problems(
                            new Dictionary<string, string>(),
                            new Dictionary<string, JsonElement> { ["x"] = JsonSerializer.SerializeToElement(1) }
                        )
                    )
                    .Problem
            )[^17..^1]
        );

    [Fact]
    public void A_text_of_4001_characters_is_too_long() =>
        Assert.Equal(
            "title",
            Assert
                .Single(
                    DeclaredData.Problems(
                        Declared,
                        new Dictionary<string, JsonElement>
                        {
                            ["title"] = JsonSerializer.SerializeToElement(new string('x', 4001)),
                            ["total"] = JsonSerializer.SerializeToElement(1),
                        }
                    )
                )
                .Name
        );

    /// <summary>Characters as people write them: an emoji is one, though JSON may escape it as twelve.</summary>
    [Theory]
    [InlineData("я", 4000, true)]
    [InlineData("\U0001F600", 4000, true)]
    [InlineData("я", 4001, false)]
    [InlineData("\U0001F600", 4001, false)]
    public void Any_script_has_the_same_4000_characters(string character, int count, bool fits)
    {
        var given = new Dictionary<string, JsonElement>
        {
            ["title"] = JsonSerializer.SerializeToElement(string.Concat(Enumerable.Repeat(character, count))),
            ["total"] = JsonSerializer.SerializeToElement(1),
        };
        var problems = DeclaredData.Problems(Declared, given).ToArray();
        Assert.Equal(fits, problems.Length == 0);
        Assert.All(
            problems,
            problem => Assert.StartsWith("is a text of 4001 characters", Wording.English.Of(problem.Problem), StringComparison.Ordinal)
        );
        Assert.Equal(count + "title".Length + "total".Length + 1, DeclaredData.Characters(given));
    }
}
