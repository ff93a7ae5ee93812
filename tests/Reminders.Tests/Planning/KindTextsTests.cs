using System.Globalization;
using System.Text.Json;
using Reminders.Kinds;
using Reminders.Zones;

namespace Reminders.Tests.Planning;

/// <summary>What a reader is told is in one language, one calendar and one unmistakable time.</summary>
public sealed class KindTextsTests
{
    private const string Weekday = "{starts_at:dddd, d MMMM yyyy} at {starts_at:HH:mm} ({zone})";

    [Theory]
    [InlineData("de")]
    [InlineData("ar-SA")]
    [InlineData("fa")]
    [InlineData("th-TH")]
    [InlineData("he-IL-u-ca-hebrew")]
    [InlineData("en-SA")]
    [InlineData("en-IR")]
    [InlineData("en-TH")]
    [InlineData("xx")]
    public void A_text_that_falls_back_to_English_has_an_English_date(string locale) =>
        Assert.Equal("Wednesday, 3 March 2027 at 15:00 (Europe/Moscow)", Told(locale, "Europe/Moscow", "2027-03-03T12:00:00Z"));

    [Fact]
    public void A_region_varies_how_a_date_is_written() =>
        Assert.Equal(
            ("03/04/2027", "4/3/2027"),
            (Told("en-GB", "UTC", "2027-04-03T12:00:00Z", "{starts_at:d}"), Told("en-US", "UTC", "2027-04-03T12:00:00Z", "{starts_at:d}"))
        );

    [Theory]
    [InlineData("2027-10-31T00:30:00Z", "at 02:30 UTC+02:00 (Europe/Berlin)")]
    [InlineData("2027-10-31T01:30:00Z", "at 02:30 UTC+01:00 (Europe/Berlin)")]
    [InlineData("2027-10-31T02:30:00Z", "at 03:30 (Europe/Berlin)")]
    [InlineData("2027-10-30T23:59:00Z", "at 01:59 (Europe/Berlin)")]
    public void An_hour_that_comes_twice_says_which_of_the_two(string instant, string told) =>
        Assert.EndsWith(told, Told("en", "Europe/Berlin", instant), StringComparison.Ordinal);

    [Theory]
    [InlineData("{starts_at:d MMMM}", "31 October")]
    [InlineData("{starts_at:HH:mm zzz}", "02:30 +02:00")]
    [InlineData("{starts_at:'at' d}", "at 31")]
    [InlineData("{starts_at:h tt}", "2 am UTC+02:00")]
    [InlineData("{starts_at:t}", "02:30 UTC+02:00")]
    public void Only_a_time_without_an_offset_gets_one(string template, string told) =>
        Assert.Equal(told, Told("en-GB", "Europe/Berlin", "2027-10-31T00:30:00Z", template));

    [Fact]
    public void A_zone_this_node_does_not_know_is_never_told_in_UTC() =>
        Assert.Equal(
            "Nowhere/Atlantis",
            Assert.Throws<UnknownZoneException>(() => Told("en", "Nowhere/Atlantis", "2027-03-03T12:00:00Z")).Zone
        );

    [Fact]
    public void A_text_without_a_time_needs_no_zone() =>
        Assert.Equal("Hello Anna", Told("en", "Nowhere/Atlantis", "2027-03-03T12:00:00Z", "Hello {recipient}"));

    [Theory]
    [InlineData("""{"title":"Lamp"}""", "Lamp: .")]
    [InlineData("""{"title":"Lamp","note":null,"until":null}""", "Lamp: .")]
    [InlineData("""{"title":"Lamp","note":"red","until":"2027-03-01T15:00:00Z"}""", "Lamp: red.15:00")]
    public void What_may_be_left_out_leaves_a_gap(string data, string told)
    {
        var kind = Kind("{title}: {note}.{until:HH:mm}");
        kind.Data = new Dictionary<string, string>
        {
            ["title"] = "text",
            ["note"] = "text?",
            ["until"] = "instant?",
        };
        using var json = JsonDocument.Parse(data);
        Assert.Equal(told, new KindTexts(kind, new("Anna", "en", "UTC")).Render("text", null, json.RootElement));
    }

    [Theory]
    [InlineData("en", "{value:N2}", "1234.5", "1,234.50")]
    [InlineData("de", "{value:N2}", "1234.5", "1.234,50")]
    [InlineData("de", "{value}", "1234.5", "1234.5")]
    [InlineData("en", "{value:N0}", "1e40", "1e40")]
    public void A_number_takes_the_templates_format_in_the_readers_language(string locale, string template, string number, string told)
    {
        var kind = Kind(template);
        kind.Templates[locale] = new() { ["text"] = template };
        kind.Data = new Dictionary<string, string> { ["value"] = "number" };
        using var json = JsonDocument.Parse($$"""{"value":{{number}}}""");
        Assert.Equal(told, new KindTexts(kind, new("Anna", locale, "UTC")).Render("text", null, json.RootElement));
    }

    private static string Told(string locale, string zone, string instant, string template = Weekday) =>
        new KindTexts(Kind(template), new("Anna", locale, zone)).Render(
            "text",
            DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)
        );

    private static KindDefinition Kind(string text) =>
        new()
        {
            Name = "K",
            Subject = "cart",
            Templates = new Dictionary<string, Dictionary<string, string>>(StringComparer.OrdinalIgnoreCase)
            {
                ["en"] = new() { ["text"] = text },
            },
        };
}
